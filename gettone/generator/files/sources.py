"""All kinds of file that the generator writes; a new one is one new file beside this and one line here."""

from gettone.generator.files.block import Source
from gettone.generator.files.distributor import DST, E100, DistributorXml
from gettone.generator.files.messages import Messages
from gettone.generator.files.tables import ProfileCsv, ProfileParquet
from gettone.generator.files.urban import UrbanReadings
from gettone.types import Direction

SOURCES: tuple[Source, ...] = (
    ProfileCsv(),
    ProfileParquet(),
    Messages(),
    DistributorXml(DST, Direction.WITHDRAWAL),
    DistributorXml(DST, Direction.INJECTION),
    DistributorXml(E100, Direction.WITHDRAWAL),
    DistributorXml(E100, Direction.INJECTION),
    UrbanReadings(),
)
