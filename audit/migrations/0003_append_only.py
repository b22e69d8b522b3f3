from django.db import migrations

from audit.migrations._operations import append_only
from audit.migrations._triggers import APPEND_ONLY


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_pending_rows_and_the_sealers_lock")]
    operations = [append_only("audit_refuse", APPEND_ONLY)]
