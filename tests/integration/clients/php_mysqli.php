<?php
// PHP's mysqli on mysqlnd; README.md says what is asked of it.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$table = getenv('WEIR_TABLE');
$ca = getenv('WEIR_TLS_CA');
$db = mysqli_init();
if ($ca) {
    $db->ssl_set(null, null, $ca, null, null);
}
try {
    $db->real_connect(getenv('WEIR_HOST'), getenv('WEIR_USER'), getenv('WEIR_PASSWORD'), getenv('WEIR_SCHEMA'),
        (int) getenv('WEIR_PORT'), null, $ca ? MYSQLI_CLIENT_SSL : 0);
} catch (mysqli_sql_exception $refused) {
    echo json_encode(['error' => $refused->getCode()]), "\n";
    exit(0);
}
$db->set_charset('utf8mb4');
$count = fn(int $id) => (int) $db->query("SELECT COUNT(*) FROM $table WHERE id = $id")->fetch_row()[0];
$seen = ['select' => (int) $db->query('SELECT 6 * 7')->fetch_row()[0]];
$read = $db->prepare("SELECT name FROM $table WHERE id = ?");
foreach ([1, 2] as $id) {
    $read->bind_param('i', $id);
    $read->execute();
    $seen['prepared'][] = $read->get_result()->fetch_row()[0];
}
$write = $db->prepare("INSERT INTO $table VALUES (?, ?)");
$insert = function (int $id, string $name) use ($write) {
    $write->bind_param('is', $id, $name);
    $write->execute();
};
$insert(3, 'ä→🌊');
$seen['utf8mb4'] = $db->query("SELECT name FROM $table WHERE id = 3")->fetch_row()[0];
$db->begin_transaction();
$insert(50, 'x');
$db->rollback();
$db->begin_transaction();
$insert(51, 'x');
$db->commit();
$seen['rolled_back'] = $count(50);
$seen['committed'] = $count(51);
$db->close();
echo json_encode($seen), "\n";
