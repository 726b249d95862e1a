"""Queue and service desk for Indonesia's Malls of Public Service (Mal Pelayanan Publik)."""
