#!/bin/bash
# The mariadb and mysql shells: shell.sh CLIENT [OPTION...]; README.md says what is asked of it. A shell has no prepared
# statements of its own: SQL's PREPARE stands for them.
set -euo pipefail
client=("$@")
client+=(--host="$WEIR_HOST" --port="$WEIR_PORT" --user="$WEIR_USER" --password="$WEIR_PASSWORD" --protocol=tcp
    --default-character-set=utf8mb4 --batch --skip-column-names)

if ! errors=$("${client[@]}" "$WEIR_SCHEMA" -e "SELECT 1" 2>&1 >/dev/null); then
    sed -n 's/^ERROR \([0-9]*\).*/{"error": \1}/p' <<<"$errors"
    exit 0
fi
"${client[@]}" "$WEIR_SCHEMA" <<SQL | perl -0777 -ne '
    my ($select, $one, $two, $text, $rolled_back, $committed) = split /\n/;
    print qq({"select": $select, "prepared": ["$one", "$two"], "utf8mb4": "$text",
        "rolled_back": $rolled_back, "committed": $committed}\n);'
SELECT 6 * 7;
PREPARE reading FROM 'SELECT name FROM $WEIR_TABLE WHERE id = ?';
SET @id = 1;
EXECUTE reading USING @id;
SET @id = 2;
EXECUTE reading USING @id;
INSERT INTO $WEIR_TABLE VALUES (3, 'ä→🌊');
SELECT name FROM $WEIR_TABLE WHERE id = 3;
BEGIN;
INSERT INTO $WEIR_TABLE VALUES (50, 'x');
ROLLBACK;
BEGIN;
INSERT INTO $WEIR_TABLE VALUES (51, 'x');
COMMIT;
SELECT COUNT(*) FROM $WEIR_TABLE WHERE id = 50;
SELECT COUNT(*) FROM $WEIR_TABLE WHERE id = 51;
SQL
