"""What happens to numbers and screens while parts of an installation break."""
