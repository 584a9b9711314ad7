<?php
// PHP's PDO on mysqlnd, with server-side prepared statements; README.md says what is asked of it.
$table = getenv('WEIR_TABLE');
$options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => false];
if (getenv('WEIR_TLS_CA')) {
    $options[PDO::MYSQL_ATTR_SSL_CA] = getenv('WEIR_TLS_CA');
}
$source = sprintf('mysql:host=%s;port=%s;dbname=%s;charset=utf8mb4', getenv('WEIR_HOST'), getenv('WEIR_PORT'),
    getenv('WEIR_SCHEMA'));
try {
    $db = new PDO($source, getenv('WEIR_USER'), getenv('WEIR_PASSWORD'), $options);
} catch (PDOException $refused) {
    echo json_encode(['error' => $refused->getCode()]), "\n";
    exit(0);
}
$count = fn(int $id) => (int) $db->query("SELECT COUNT(*) FROM $table WHERE id = $id")->fetchColumn();
$seen = ['select' => (int) $db->query('SELECT 6 * 7')->fetchColumn()];
$read = $db->prepare("SELECT name FROM $table WHERE id = ?");
foreach ([1, 2] as $id) {
    $read->execute([$id]);
    $seen['prepared'][] = $read->fetchColumn();
    $read->closeCursor();
}
$write = $db->prepare("INSERT INTO $table VALUES (?, ?)");
$write->execute([3, 'ä→🌊']);
$seen['utf8mb4'] = $db->query("SELECT name FROM $table WHERE id = 3")->fetchColumn();
$db->beginTransaction();
$write->execute([50, 'x']);
$db->rollBack();
$db->beginTransaction();
$write->execute([51, 'x']);
$db->commit();
$seen['rolled_back'] = $count(50);
$seen['committed'] = $count(51);
echo json_encode($seen), "\n";
