from django.db import migrations

from audit.migrations._operations import ByVendor
from queues.migrations import _counting as counting


class Migration(migrations.Migration):
    dependencies = [("queues", "0004_board_counters")]
    operations = [ByVendor(counting.begin_with_waiting_ones, counting.cease)]
