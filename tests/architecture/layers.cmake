# Who may include whom, as data. check_layers.cmake fails on every edge that is not here.
#
#   weir_third_party(NAME REGEX)      <...> includes that match REGEX are called NAME. The first match counts; what
#                                     matches none is the standard library, which everyone may include.
#   weir_layer(PATH                   a directory, or a pair of files named without their ending;
#       OURS directories...           which of our directories (and what is below them) it may include beside itself;
#       THIRD_PARTY names...          which third parties its headers and sources may include;
#       THIRD_PARTY_SOURCES names...) which third parties only its .cpp files may.
#                                     A file belongs to the longest PATH that contains it.

weir_third_party(boost_system "^boost/system/")
weir_third_party(boost_beast "^boost/beast")
weir_third_party(boost_asio "^boost/asio")
weir_third_party(boost_smart_ptr "^boost/smart_ptr/")
weir_third_party(boost "^boost/")
weir_third_party(openssl "^openssl/")
weir_third_party(libmysqlclient "^(mysql|mariadb)(/|[.]h$)|^(mysqld_error|errmsg)[.]h$")
weir_third_party(yaml-cpp "^yaml-cpp/")
weir_third_party(spdlog "^spdlog/")
weir_third_party(fmt "^fmt/")
weir_third_party(cli11 "^CLI/")
weir_third_party(sqlite "^sqlite3")
weir_third_party(zlib "^z(lib|conf)[.]h$")
weir_third_party(zstd "^zstd")
weir_third_party(libsodium "^sodium([.]h|/)")
weir_third_party(json "^nlohmann/")
weir_third_party(re2 "^re2/")
weir_third_party(xxhash "^xxhash[.]h$")
weir_third_party(googletest "^(gtest|gmock)/")
weir_third_party(google_benchmark "^benchmark/")
# Not third parties, but the same rule: cores have no sockets, files, threads or output. `addresses`: text <-> IP address.
weir_third_party(addresses "^(arpa/inet|netinet/in)[.]h$")
weir_third_party(sockets "^(arpa|net|netinet|linux)/|^(sys/(socket|un|uio|epoll|ioctl|wait|resource|mman)|netdb|poll|unistd|fcntl|signal|pthread|sched)[.]h$")
weir_third_party(threads "^(thread|mutex|shared_mutex|condition_variable|future|stop_token|semaphore|latch|barrier|csignal)$")
weir_third_party(streams "^(iostream|fstream|filesystem|print|syncstream)$")

# Bytes: values in, values out.
weir_layer(protocol/wire THIRD_PARTY boost_system)
weir_layer(protocol/mysql OURS protocol/wire THIRD_PARTY boost_system)
weir_layer(protocol/mysql/auth OURS protocol/wire protocol/mysql THIRD_PARTY boost_system openssl libsodium)
weir_layer(protocol/mysql/compression OURS protocol/wire protocol/mysql THIRD_PARTY boost_system zlib zstd)
weir_layer(protocol/proxy_protocol OURS protocol/wire THIRD_PARTY boost_system THIRD_PARTY_SOURCES addresses)
weir_layer(protocol/vrrp OURS protocol/wire THIRD_PARTY boost_system)

weir_layer(config/schema)
# Names of hosts are not looked up here: the socket headers are for the form of addresses and the length of Unix paths.
weir_layer(config/loader OURS config/schema THIRD_PARTY boost_system streams
    THIRD_PARTY_SOURCES yaml-cpp addresses sockets)

# Decisions: pure.
weir_layer(splitter OURS protocol config/schema THIRD_PARTY boost_system boost_smart_ptr)
weir_layer(splitter/rules OURS splitter/sql protocol config/schema THIRD_PARTY boost_system
    THIRD_PARTY_SOURCES re2 addresses)
weir_layer(splitter/sql/digest_hash OURS splitter/sql THIRD_PARTY_SOURCES xxhash)
weir_layer(splitter/sql/statement_readings OURS splitter/sql THIRD_PARTY_SOURCES xxhash)
weir_layer(replication_monitor/model OURS protocol config/schema THIRD_PARTY boost_system)
weir_layer(replication_monitor/decision OURS replication_monitor/model protocol config/schema THIRD_PARTY boost_system)
weir_layer(replication_monitor/binlog OURS replication_monitor/model protocol config/schema THIRD_PARTY boost_system)
weir_layer(lb OURS replication_monitor/model protocol config/schema THIRD_PARTY boost_system)

# Shells: I/O.
weir_layer(replication_monitor/probe
    OURS replication_monitor/model replication_monitor/decision protocol config/schema
    THIRD_PARTY boost_system addresses sockets THIRD_PARTY_SOURCES libmysqlclient threads)
weir_layer(replication_monitor/monitor
    OURS replication_monitor/model replication_monitor/decision replication_monitor/probe protocol config/schema
    THIRD_PARTY boost_system threads)
# protocol/wire: its errors, its views of bytes and WEIR_ENSURE, nothing that knows a protocol.
weir_layer(src/net OURS src/runtime protocol/wire config/schema
    THIRD_PARTY boost_system boost_asio boost openssl fmt addresses sockets threads streams)
weir_layer(src/runtime OURS protocol/wire config/schema
    THIRD_PARTY boost_system boost_asio boost fmt addresses sockets threads streams)
weir_layer(src/runtime/log OURS protocol/wire config/schema
    THIRD_PARTY boost_system fmt spdlog addresses sockets threads streams)
weir_layer(src/runtime/admin_server OURS src/runtime src/net protocol/wire config/schema
    THIRD_PARTY boost_system boost_asio boost_beast boost fmt addresses sockets threads streams)

# Programs: everything below, never another program.
weir_layer(src/proxy OURS src/net src/runtime splitter lb replication_monitor protocol config
    THIRD_PARTY boost_system boost_asio boost_smart_ptr boost openssl fmt addresses sockets threads streams)
weir_layer(src/proxy/digest_page OURS src/proxy src/net src/runtime splitter lb replication_monitor protocol config
    THIRD_PARTY boost_system boost_asio boost fmt THIRD_PARTY_SOURCES json)
weir_layer(src/proxy/main OURS src/proxy src/net src/runtime splitter lb replication_monitor protocol config
    THIRD_PARTY boost_system boost_asio boost_smart_ptr boost cli11 fmt addresses sockets threads streams)

# Tests see everything, and nobody sees them.
weir_layer(tests OURS protocol config splitter replication_monitor lb src
    THIRD_PARTY ${WEIR_THIRD_PARTIES})
