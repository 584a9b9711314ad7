#pragma once

#include "protocol/wire/byte_writer.hpp"
#include "protocol/wire/bytes_view.hpp"
#include "protocol/wire/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::protocol::mysql {

/// Which family of servers a text or a rule belongs to.
enum class server_flavor : std::uint8_t { mysql, mariadb };

/// A set of global transaction identifiers, in either server's form.
///
/// MySQL: "uuid:1-5:7, uuid2:1" (with optional tags, "uuid:tag:1-3"). MariaDB: "0-1-100,1-2-33", a
/// position per domain: a MariaDB position contains every transaction of that domain up to its
/// sequence number, whichever server wrote it. A default-constructed set is empty, of either form,
/// and is contained in every set. Source: MySQL manual "GTID Format and Storage"; MariaDB knowledge
/// base "Global Transaction ID". Thread: a plain value.
class gtid_set {
public:
    /// Errors: `errc::malformed_gtid_set`. White space and line feeds between elements are
    /// accepted.
    [[nodiscard]] static result<gtid_set> parse(std::string_view text, server_flavor flavor);

    /// MySQL's binary form, without tags: what COM_BINLOG_DUMP_GTID and Previous_gtids events
    /// carry. Errors: truncated, trailing_bytes, `errc::malformed_gtid_set` (the form for tags
    /// included).
    [[nodiscard]] static result<gtid_set> decode(wire::bytes_view bytes);

    /// The same the other way. False, and nothing is written: the set has tags, or is MariaDB's.
    [[nodiscard]] bool encode(wire::byte_writer& writer) const;

    [[nodiscard]] bool empty() const noexcept;

    /// True if every transaction of `other` is in this set. Sets of different forms contain each
    /// other only if empty.
    [[nodiscard]] bool contains(const gtid_set& other) const;

    /// Intervals and domain positions: what the set takes in memory.
    [[nodiscard]] std::size_t size() const noexcept;

    /// Adds all of `other`. Merging a form into the other replaces nothing and is ignored unless
    /// this set is empty.
    void merge(const gtid_set& other);

    /// Canonical text in the form of its flavor; empty for an empty set.
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const gtid_set&, const gtid_set&) = default;

private:
    /// Closed interval of transaction numbers.
    struct interval {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        friend bool operator==(const interval&, const interval&) = default;
    };

    struct domain_position {
        std::uint32_t server_id = 0;
        std::uint64_t sequence = 0;
        friend bool operator==(const domain_position&, const domain_position&) = default;
    };

    [[nodiscard]] bool add_source(std::string_view element);
    [[nodiscard]] bool add_domain(std::string_view element);
    void raise(std::uint32_t domain, domain_position position);

    /// Sorted, and intervals that touch or overlap made one.
    static void normalise(std::vector<interval>& intervals);

    std::map<std::string, std::vector<interval>>
        sources_;                                       ///< MySQL: "uuid" or "uuid:tag", lower case
    std::map<std::uint32_t, domain_position> domains_;  ///< MariaDB: domain -> newest
};

}  // namespace weir::protocol::mysql
