#!/usr/bin/perl
# DBD::MariaDB; README.md says what is asked of it.
use strict;
use warnings;
use utf8;
use DBI;
use JSON::PP;

my %tls = $ENV{WEIR_TLS_CA} ? (mariadb_ssl => 1, mariadb_ssl_ca_file => $ENV{WEIR_TLS_CA}) : ();
my $db = DBI->connect(
    "DBI:MariaDB:database=$ENV{WEIR_SCHEMA};host=$ENV{WEIR_HOST};port=$ENV{WEIR_PORT}", $ENV{WEIR_USER}, $ENV{WEIR_PASSWORD},
    { RaiseError => 0, PrintError => 0, AutoCommit => 1, mariadb_server_prepare => 1, %tls });
if (!$db) { print encode_json({ error => DBI->err }), "\n"; exit 0; }
$db->{RaiseError} = 1;

my $table = $ENV{WEIR_TABLE};
my %seen;
$seen{select} = 0 + $db->selectrow_array('SELECT 6 * 7');
my $read = $db->prepare("SELECT name FROM $table WHERE id = ?");
for my $id (1, 2) { $read->execute($id); push @{ $seen{prepared} }, $read->fetchrow_array; $read->finish; }
my $write = $db->prepare("INSERT INTO $table VALUES (?, ?)");
$write->execute(3, "ä→🌊");
($seen{utf8mb4}) = $db->selectrow_array("SELECT name FROM $table WHERE id = 3");
$db->begin_work; $write->execute(50, 'x'); $db->rollback;
$db->begin_work; $write->execute(51, 'x'); $db->commit;
$seen{rolled_back} = 0 + $db->selectrow_array("SELECT COUNT(*) FROM $table WHERE id = 50");
$seen{committed} = 0 + $db->selectrow_array("SELECT COUNT(*) FROM $table WHERE id = 51");
$db->disconnect;
print encode_json(\%seen), "\n";
