"""The columns that a file can have: what they are called, what may stand in them, what it becomes.

A header is recognised by the column's code, by its label in either language and by the other names
given here, whatever its case, spaces and punctuation.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.imports.column_shapes import (
    EMAIL_LIMIT,
    FIELDS,
    HOURS,
    LANGUAGES,
    PERSON_NAME_LIMIT,
    PLACE,
    TOPICS,
    WEBSITE_LIMIT,
    YEARS,
    Column,
    Shape,
    make_code,
    make_codes,
    make_line,
    make_number,
    make_organisations,
    make_text,
    make_yes_no,
)
from app.words.limits import (
    LINE_LIMIT,
    NAME_LIMIT,
)
from models.imports import ImportKind
from models.vocabulary import (
    Experience,
    FundingStage,
    Gate,
    HelpMode,
    Ladder,
    Seat,
    Title,
)

MENTOR_COLUMNS = (
    Column(
        name="name",
        label=_l("Name of the mentor"),
        shape=Shape.LINE,
        attribute="name",
        limit=NAME_LIMIT,
        is_required=True,
        other_names=(
            "name",
            "mentor",
            "mentor name",
            "full name",
            "姓名",
            "姓 名",
            "名字",
            "导师",
            "导师姓名",
            "导师名称",
            "专家",
            "专家姓名",
            "顾问姓名",
            "名称",
        ),
    ),
    Column(
        name="email",
        label=_l("E-mail address"),
        shape=Shape.EMAIL,
        attribute=None,
        limit=EMAIL_LIMIT,
        other_names=(
            "e-mail",
            "mail",
            "mailbox",
            "email address",
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "电子邮件地址",
            "电子邮箱地址",
            "邮箱地址",
            "邮件地址",
            "邮件",
            "电邮",
            "电子信箱",
            "信箱",
            "联系邮箱",
        ),
    ),
    make_line(
        "headline",
        _l("Headline"),
        LINE_LIMIT,
        "title",
        "position",
        "job title",
        "头衔",
        "职务",
        "职称",
        "职位",
        "一句话介绍",
    ),
    make_text(
        "summary",
        _l("Summary"),
        "about",
        "bio",
        "biography",
        "profile",
        "introduction",
        "简介",
        "个人简介",
        "导师简介",
        "专家简介",
        "个人介绍",
        "自我介绍",
        "介绍",
        "经历",
        "个人经历",
        "工作经历",
        "履历",
        "简历",
        "背景",
    ),
    make_text(
        "can_help_with",
        _l("Can help with"),
        "擅长",
        "能提供的帮助",
        "可提供的帮助",
        "可提供的支持",
        "能帮助企业的方面",
    ),
    FIELDS,
    TOPICS,
    PLACE,
    make_yes_no("remote", _l("Meetings can be online"), "online", "线上", "可线上", "远程"),
    LANGUAGES,
    make_codes("experience", _l("Kind of experience"), Experience, "经验", "导师类型"),
    make_code("seat", _l("Academic or industrial"), Seat, "双师类型", "双师席位"),
    make_codes("help_modes", _l("How they help"), HelpMode, "how you help", "辅导方式"),
    make_number(
        "hours_per_month",
        _l("Hours a month"),
        0,
        200,
        "hours",
        "hours per month",
        "monthly hours",
        "每月小时",
        "每月时长",
        "每月可投入小时",
        "每月可投入时间",
        "月小时数",
        "月均小时数",
        units=HOURS,
    ),
    make_number(
        "years_of_experience",
        _l("Years of experience"),
        0,
        80,
        "years",
        "从业年限",
        "工作年限",
        "从业年数",
        units=YEARS,
    ),
    make_line(
        "employer",
        _l("Employer"),
        NAME_LIMIT,
        "company",
        "organisation",
        "organization",
        "institution",
        "单位",
        "工作单位",
        "任职单位",
        "所在单位",
        "单位名称",
        "工作机构",
        "任职机构",
        "所在机构",
        "机构",
        "公司",
        "公司名称",
        "就职单位",
    ),
    make_number(
        "capacity",
        _l("Engagements at the same time"),
        0,
        500,
        "同时对接数",
        "可同时辅导企业数",
        units=("个", "家", "项"),
    ),
    make_organisations(
        "portfolio", _l("Companies whose shares they hold"), "holdings", "持股企业", "投资企业"
    ),
    make_organisations(
        "advised",
        _l("Companies that they advise"),
        "advises",
        "advisees",
        "担任顾问的企业",
        "顾问企业",
    ),
    make_organisations(
        "affiliations",
        _l("Other connected organisations"),
        "affiliation",
        "关联机构",
        "关联单位",
    ),
    make_yes_no(
        "open_to_all", _l("Open to startups of every incubator"), "open to all", "向所有孵化器开放"
    ),
)

STARTUP_COLUMNS = (
    Column(
        name="name",
        label=_l("Name of the startup"),
        shape=Shape.LINE,
        attribute="name",
        limit=NAME_LIMIT,
        is_required=True,
        other_names=(
            "startup",
            "startup name",
            "company",
            "company name",
            "organisation",
            "organization",
            "企业",
            "企业名称",
            "企业全称",
            "公司",
            "公司名称",
            "公司全称",
            "单位名称",
            "初创企业",
            "项目",
            "项目名称",
            "团队名称",
            "名称",
        ),
    ),
    Column(
        name="credit_code",
        label=_l("Unified social credit code"),
        shape=Shape.CREDIT_CODE,
        attribute="credit_code",
        other_names=(
            "uscc",
            "credit code",
            "统一信用代码",
            "社会信用代码",
            "信用代码",
            "税号",
            "纳税人识别号",
        ),
    ),
    Column(
        name="founder_name",
        label=_l("Name of the founder"),
        shape=Shape.LINE,
        attribute=None,
        limit=PERSON_NAME_LIMIT,
        other_names=(
            "founder",
            "contact",
            "contact person",
            "创始人",
            "创始人姓名",
            "创办人",
            "创业者",
            "负责人",
            "项目负责人",
            "法定代表人",
            "法人代表",
            "联系人",
            "联系人姓名",
        ),
    ),
    Column(
        name="founder_email",
        label=_l("E-mail address of the founder"),
        shape=Shape.EMAIL,
        attribute=None,
        limit=EMAIL_LIMIT,
        other_names=(
            "email",
            "e-mail",
            "email address",
            "邮箱",
            "电子邮箱",
            "电子邮件",
            "电子信箱",
            "邮箱地址",
            "创始人邮箱",
            "联系邮箱",
            "联系人邮箱",
            "邮件",
        ),
    ),
    make_line("one_line", _l("In one line"), LINE_LIMIT, "tagline", "一句话介绍", "一句话简介"),
    make_text(
        "description",
        _l("Description"),
        "about",
        "introduction",
        "简介",
        "企业简介",
        "公司简介",
        "项目简介",
        "介绍",
        "主营业务",
        "主营产品",
    ),
    FIELDS,
    TOPICS,
    make_code("ladder", _l("Company ladder"), Ladder, "梯次"),
    make_codes("titles", _l("Titles"), Title, "title", "资质", "荣誉资质", "企业资质"),
    make_code("funding_stage", _l("Funding stage"), FundingStage, "融资轮次", "stage"),
    make_number(
        "readiness",
        _l("Technology readiness"),
        1,
        9,
        "TRL",
        "成熟度",
        "技术成熟度",
        "技术就绪度",
        units=("trl", "级", "level"),
    ),
    make_code("gate", _l("Verification gate"), Gate, "验证关口", "验证阶段"),
    PLACE,
    LANGUAGES,
    Column(
        name="website",
        label=_l("Website"),
        shape=Shape.WEB_ADDRESS,
        attribute="website",
        limit=WEBSITE_LIMIT,
        other_names=("url", "homepage", "网址", "官网", "网站", "主页"),
    ),
    make_organisations(
        "shareholders",
        _l("Shareholders"),
        "shareholder",
        "股东",
        "主要股东",
        "股东名单",
        "投资方",
        "投资人",
        "投资机构",
    ),
    make_organisations(
        "employers", _l("Employers of the founders"), "employer", "创始人单位", "创始人任职单位"
    ),
    make_organisations(
        "competitors", _l("Direct competitors"), "competitor", "竞争对手", "竞品公司"
    ),
    make_organisations(
        "affiliations",
        _l("Other connected organisations"),
        "affiliation",
        "关联机构",
        "关联单位",
    ),
)

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = MappingProxyType(
    {ImportKind.MENTORS: MENTOR_COLUMNS, ImportKind.STARTUPS: STARTUP_COLUMNS}
)

# Which column holds the address of the person, and which one their name.
EMAIL_COLUMNS: Mapping[ImportKind, str] = MappingProxyType(
    {ImportKind.MENTORS: "email", ImportKind.STARTUPS: "founder_email"}
)
PERSON_NAME_COLUMNS: Mapping[ImportKind, str] = MappingProxyType(
    {ImportKind.MENTORS: "name", ImportKind.STARTUPS: "founder_name"}
)

# What the file of problems adds in front: it is to be corrected and sent again.
LINE_LABEL = _l("Row")
REASON_LABEL = _l("What is wrong")


def get_column(kind: ImportKind, name: str) -> Column:
    """The column called `name`. Raises KeyError."""
    return _BY_NAME[kind][name]


_BY_NAME: Mapping[ImportKind, Mapping[str, Column]] = MappingProxyType(
    {kind: {column.name: column for column in columns} for kind, columns in COLUMNS.items()}
)
