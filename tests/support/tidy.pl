#!/usr/bin/perl
# Runs clang-tidy over the files named on standard input, several at a time, and keeps clean results by content:
#
#   tidy.pl BUILD_FOLDER CACHE_FOLDER < list of files, batches of a unity build among them
#
# The key of a result is the preprocessed text with its comments (they may hold NOLINT), the settings that apply, the
# compile command and the version of the tool. Only clean results are kept. Files that no target compiles are named and
# passed over. Ends with 1 if there was a finding.
use strict;
use warnings;
use Cwd qw(getcwd realpath);
use Digest::SHA qw(sha256_hex);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use JSON::PP qw(decode_json);

my ($build, $cache) = @ARGV;
my $tool = 'clang-tidy-14';
my $root = getcwd();
make_path($cache);

sub slurp { my ($path) = @_; open my $in, '<', $path or return ''; local $/; return scalar <$in>; }

my %command;
$command{ realpath($_->{file}) } = $_ for @{ decode_json(slurp("$build/compile_commands.json")) };
my $version = `$tool --version`;

# The settings of a file: .clang-tidy of its folder and of all folders above it.
sub settings_for {
    my ($folder) = @_;
    my $text = '';
    for (; length $folder >= length $root; $folder = dirname($folder)) {
        $text .= slurp("$folder/.clang-tidy");
    }
    return $text;
}

# Options for one file. A batch includes its files, which the analyzer passes over and one check complains of. The analyzer
# of clang 14 does not know coroutines: at each co_await it takes members of Asio's promise for uninitialised, and its core
# checks cannot be switched off one by one. Such files are read without it.
sub options_for {
    my ($file) = @_;
    return "--checks='-clang-analyzer-*,-bugprone-suspicious-include'" if $file =~ /\.cxx$/;
    return slurp($file) =~ /\bco_(await|return|yield)\b/ ? "--checks='-clang-analyzer-*'" : '';
}

sub key_of {
    my ($file) = @_;
    my $entry = $command{$file};
    my $preprocess = $entry->{command};
    $preprocess =~ s/^\S*ccache\s+//;
    $preprocess =~ s/ -o \S+//;
    $preprocess =~ s/ -c / -E -C -P /;
    my $text = `cd '$entry->{directory}' && $preprocess 2>/dev/null`;
    return undef if $? != 0;
    $preprocess =~ s/\Q$root\E//g;
    return sha256_hex(join "\0", $version, settings_for(dirname($file)) . options_for($file), $preprocess, $text);
}

# One file, in a process of its own: 0 clean now, 2 clean before, 1 findings (printed in one piece).
sub check {
    my ($file) = @_;
    my $key = key_of($file);
    return 2 if defined $key && -e "$cache/$key";
    my $options = options_for($file);
    my $output = `$tool --quiet $options -p '$build' '$file' 2>&1`;
    if ($? == 0) {
        if (defined $key) { open my $out, '>', "$cache/$key"; }
        return 0;
    }
    $output =~ s/^\d+ warnings? .*generated\.\n//mg;
    print $output;
    return 1;
}

my @files = map { chomp; realpath($_) } <STDIN>;
my ($clean, $known, $bad, $running) = (0, 0, 0, 0);
my $jobs = `nproc` + 0;
local $| = 1;

sub reap {
    wait;
    my $code = $? >> 8;
    $code == 0 ? $clean++ : $code == 2 ? $known++ : $bad++;
    $running--;
}

for my $file (@files) {
    if (!$command{$file}) {
        print STDERR "      not compiled by preset tidy: ", substr($file, 1 + length $root), "\n";
        next;
    }
    reap() if $running >= $jobs;
    my $pid = fork;
    die "fork: $!" if !defined $pid;
    exit check($file) if $pid == 0;
    $running++;
}
reap() while $running;
print STDERR "      clang-tidy: $clean files clean, $known unchanged since they were, $bad with findings\n";
exit($bad ? 1 : 0);
