"""The survey for programs: a visitor judges their visit, by its secret."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from mpp.clock import Clock
from mpp.config import Settings
from mpp.counters.readers import Malls
from mpp.db.seam import Database
from mpp.errors import Invalid
from mpp.queue.routes.api.request_params import read_token
from mpp.security import public
from mpp.survey.commands import answering
from mpp.survey.readers.tokens import Judges
from mpp.survey.rules.answer import sheet
from mpp.web.problems import NO_TOKEN_NEEDED, PROBLEMS
from mpp.web.request_params import json_from

Value = Annotated[int, msgspec.Meta(ge=1, le=4)]


class AnswersIn(msgspec.Struct, forbid_unknown_fields=True):
    """The nine unsur in their customary order, 1 (poorest) to 4; leave out what is not answered."""

    u1: Value | None = None
    u2: Value | None = None
    u3: Value | None = None
    u4: Value | None = None
    u5: Value | None = None
    u6: Value | None = None
    u7: Value | None = None
    u8: Value | None = None
    u9: Value | None = None


class ProfileIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who answers, in classes; all of it may be left out."""

    gender: Literal["female", "male"] | None = None
    age: Literal["-19", "20-29", "30-39", "40-49", "50-59", "60-"] | None = None
    education: Literal["sd", "smp", "sma", "d1-d4", "s1", "s2", "s3"] | None = None
    occupation: (
        Literal["asn", "tni-polri", "employee", "business", "student", "farmer", "home", "other"]
        | None
    ) = None
    time_band: Literal["08-12", "13-17"] | None = None


class SurveyIn(msgspec.Struct, forbid_unknown_fields=True):
    """The nine answers, or one tap on four faces (`quick`, 1–4), or both."""

    answers: AnswersIn | None = None
    profile: ProfileIn | None = None
    quick: Value | None = None

    also_needed: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"required": ["quick"], "properties": {"quick": {"type": "integer"}}},
            *(
                {
                    "required": ["answers"],
                    "properties": {
                        "answers": {
                            "type": "object",
                            "required": [each],
                            "properties": {each: {"type": "integer"}},
                        }
                    },
                }
                for each in AnswersIn.__struct_fields__
            ),
        ]
    }
    """Something must be answered."""


class SurveyOut(msgspec.Struct):
    """`counted`: stored now; false: it had been sent before and counts once."""

    counted: bool


@post(
    "/visits/{token:str}/survey",
    guards=[json_from(public)],
    security=NO_TOKEN_NEEDED,
    status_code=201,
    responses={
        **PROBLEMS,
        200: ResponseSpec(SurveyOut, description="Sent before; it counts once."),
    },
    operation_id="answerSurvey",
)
async def answer_survey(
    token: FromPath[str],
    db: NamedDependency[Database],
    malls: NamedDependency[Malls],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
    data: JSONBody[SurveyIn],
) -> Response[SurveyOut]:
    """Judge a visit whose service is over. Stored without the visit: one answer a visit, the first counts.

    The same again is answered 200, another 409, and so is a visit that is not over or too long ago.
    """
    judges = Judges(db, malls, clock, settings)
    said = sheet(_facts(data.answers), _facts(data.profile))
    if said is None and data.quick is None:
        raise Invalid("Jawab sedikitnya satu pertanyaan.", field="answers")
    mall, blind = await judges.blind(read_token(token))
    counted = await db.execute(
        answering.answer,
        blind,
        channel="phone",
        today=mall.day(clock()),
        sheet=said,
        quick=data.quick,
    )
    return Response(SurveyOut(counted), status_code=201 if counted else 200)


def _facts(given: AnswersIn | ProfileIn | None) -> dict[str, Any]:
    return {} if given is None else msgspec.structs.asdict(given)


routers = [Router("/api/v1", route_handlers=[answer_survey], tags=["survey"])]
