#!/usr/bin/perl
# The demonstration's session: one client, one connection to the proxy, and for each statement which server answered.
#
#   demo_session.pl --port PORT --base CLUSTER --server-tool tests/support/servers.sh
#
# Every statement carries @@server_id, so the server that runs it tells its number: 1 is the primary (db1), 2 and 3 are
# the replicas. Ends with 0 only if every statement was answered by a server that should.
use strict;
use warnings;
use DBI;
use Getopt::Long;
use Time::HiRes qw(sleep time);

my ($port, $base, $tool, $host) = (undef, undef, undef, '127.0.0.1');
GetOptions('port=i' => \$port, 'base=s' => \$base, 'server-tool=s' => \$tool) or exit 2;
die "usage: demo_session.pl --port PORT --base CLUSTER --server-tool FILE\n" unless $port && $base && $tool;

my $wrong = 0;
my $rows = 0;

sub connect_to_proxy {
    return DBI->connect(
        "DBI:MariaDB:database=test;host=$host;port=$port", 'app', 'app',
        { RaiseError => 1, PrintError => 0, AutoCommit => 1, mariadb_server_prepare => 0 });
}

# What is expected of a row: names of the servers that may answer.
my %allowed = (
    'primary' => [1], 'a replica' => [2, 3], 'any that has it' => [1, 2, 3], 'db2' => [2], 'db3' => [3],
    'both replicas' => [2, 3],
);

sub heading {
    printf "\n  %-58s %-16s %-12s %s\n", 'statement', 'expected', 'answered by', 'ok';
    printf "  %s\n", '-' x 94;
}

# One line of the table. `servers`: the numbers of those that answered; `fault`: what else was wrong, or ''.
sub row {
    my ($statement, $expected, $servers, $fault) = @_;
    my %ok = map { $_ => 1 } @{ $allowed{$expected} };
    my @strange = grep { !$ok{$_} } @$servers;
    my $good = !@strange && @$servers && !$fault && ($expected ne 'both replicas' || @$servers == 2);
    $wrong++ if !$good;
    $rows++;
    my $names = join ' ', map { "db$_" } @$servers;
    printf "  %-58s %-16s %-12s %s\n", $statement, $expected, $names || '-', $good ? 'yes' : "NO $fault";
}

# Runs `work`, which returns (server, fault); an error of the server is a fault too.
sub show {
    my ($statement, $expected, $work) = @_;
    my ($server, $fault) = eval { $work->() };
    if (my $error = $@) { $error =~ s/ at \S+ line.*//s; ($server, $fault) = (undef, $error); }
    row($statement, $expected, defined $server ? [$server] : [], $fault // '');
}

# The distinct servers that answer `count` reads, each on its own.
sub who_reads {
    my ($db, $count) = @_;
    my %seen;
    $seen{ $db->selectrow_array('SELECT @@server_id FROM demo LIMIT 1') }++ for 1 .. $count;
    return [sort keys %seen];
}

# Until the reads of `db` are answered by exactly `wanted`, at most `seconds`.
sub await_readers {
    my ($db, $seconds, @wanted) = @_;
    my $end = time + $seconds;
    my $seen = [];
    while (time < $end) {
        $seen = who_reads($db, 20);
        last if "@$seen" eq "@wanted";
        sleep 0.05;
    }
    return $seen;
}

# Until the replicas have what this session has written, and the proxy knows: its monitor looks every 200 ms.
sub await_caught_up {
    my ($db) = @_;
    server('wait_caught_up');
    await_readers($db, 20, 2, 3);
}

# A call of server_control.sh.
sub server { system($tool, 'run', $base, @_) == 0 or die "@_ failed\n" }

sub basics {
    my ($db) = @_;
    show('INSERT INTO demo ...', 'primary', sub {
        $db->do('INSERT INTO demo VALUES (1, @@server_id)');
        return $db->selectrow_array('SELECT written_by FROM demo WHERE id = 1');
    });
    show('SELECT ... (right after that write: sees it)', 'any that has it', sub {
        my ($server, $found) = $db->selectrow_array('SELECT @@server_id, COUNT(*) FROM demo WHERE id = 1');
        return ($server, $found == 1 ? '' : 'does not see the write');
    });
    await_caught_up($db);
    show('SELECT ...', 'a replica', sub { $db->selectrow_array('SELECT @@server_id FROM demo LIMIT 1') });
    show('SELECT ... FOR UPDATE', 'primary',
        sub { $db->selectrow_array('SELECT @@server_id FROM demo LIMIT 1 FOR UPDATE') });
}

sub transactions {
    my ($db) = @_;
    $db->do('BEGIN');
    show('BEGIN; INSERT INTO demo ...', 'primary', sub {
        $db->do('INSERT INTO demo VALUES (2, @@server_id)');
        return $db->selectrow_array('SELECT written_by FROM demo WHERE id = 2');
    });
    show('SELECT ... (inside the transaction: sees it)', 'primary',
        sub { $db->selectrow_array('SELECT @@server_id FROM demo WHERE id = 2') });
    $db->do('COMMIT');
    show('COMMIT; SELECT ... (sees what was committed)', 'any that has it',
        sub { $db->selectrow_array('SELECT @@server_id FROM demo WHERE id = 2') });
    $db->do('START TRANSACTION READ ONLY');
    show('START TRANSACTION READ ONLY; SELECT ...', 'any that has it',
        sub { $db->selectrow_array('SELECT @@server_id FROM demo LIMIT 1') });
    $db->do('COMMIT');
}

sub read_after_write {
    my ($db) = @_;
    my ($missed, %seen) = (0);
    for my $id (100 .. 199) {
        $db->do("INSERT INTO demo VALUES ($id, \@\@server_id)");
        my ($server, $found) = $db->selectrow_array("SELECT \@\@server_id, COUNT(*) FROM demo WHERE id = $id");
        $missed++ if !$found;
        $seen{$server}++;
    }
    row('100 times INSERT, then SELECT of that row', 'any that has it', [sort keys %seen],
        $missed ? "$missed reads missed the write" : '');
}

sub prepared_statements {
    my ($db) = @_;
    my $insert = $db->prepare('INSERT INTO demo VALUES (?, @@server_id)', { mariadb_server_prepare => 1 });
    my $select = $db->prepare('SELECT @@server_id, written_by FROM demo WHERE id = ?', { mariadb_server_prepare => 1 });
    show('prepared (binary protocol): INSERT ... VALUES (?, ...)', 'primary', sub {
        $insert->execute(3);
        return ($db->selectrow_array('SELECT written_by FROM demo WHERE id = 3'));
    });
    await_caught_up($db);
    show('prepared (binary protocol): SELECT ... WHERE id = ?', 'a replica', sub {
        $select->execute(3);
        my ($server, $written_by) = $select->fetchrow_array;
        $select->finish;
        return ($server, defined $written_by ? '' : 'the row is missing');
    });
}

# SQL's PREPARE in a session of its own: its state binds that session to the primary.
sub text_prepare {
    my $db = connect_to_proxy();
    show("PREPARE s FROM 'SELECT ...'; EXECUTE s", 'any that has it', sub {
        $db->do("PREPARE s FROM 'SELECT \@\@server_id FROM demo LIMIT 1'");
        return $db->selectrow_array('EXECUTE s');
    });
    $db->disconnect;
}

sub a_replica_leaves_and_returns {
    my ($db) = @_;
    row('40 reads', 'both replicas', await_readers($db, 10, 2, 3), '');
    server('stop_server', 3);
    my $seen = eval { who_reads($db, 40) };
    row('db3 is stopped; 40 reads at once', 'db2', $seen // [], $seen ? '' : "a read failed: $@");
    show('INSERT INTO demo ...', 'primary', sub {
        $db->do('INSERT INTO demo VALUES (4, @@server_id)');
        return $db->selectrow_array('SELECT written_by FROM demo WHERE id = 4');
    });
    server('start_server', 3);
    server('wait_caught_up');
    row('db3 is back; reads until both answer', 'both replicas', await_readers($db, 20, 2, 3), '');
}

local $| = 1;
my $db = connect_to_proxy();
$db->do('DROP TABLE IF EXISTS demo');
$db->do('CREATE TABLE demo (id INT PRIMARY KEY, written_by INT NOT NULL)');
$db->do('INSERT INTO demo VALUES (0, @@server_id)');
await_caught_up($db);
heading();
basics($db);
transactions($db);
read_after_write($db);
prepared_statements($db);
text_prepare();
a_replica_leaves_and_returns($db);
$db->disconnect;
print "\n  ", $wrong ? "$wrong of $rows lines are not as they should be\n" : "all $rows lines are as they should be\n";
exit($wrong ? 1 : 0);
