#include "protocol/mysql/gtid_set.hpp"

#include "protocol/mysql/ascii_lower.hpp"
#include "protocol/mysql/errc.hpp"
#include "protocol/mysql/transaction_number.hpp"
#include "protocol/mysql/uuid.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::protocol::mysql {
namespace {

[[nodiscard]] bool is_space(char letter) noexcept {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Cuts the part before `separator`, or all of it, off the front of `text`.
[[nodiscard]] std::string_view take_until(std::string_view& text, char separator) noexcept {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return trimmed(part);
}

template <class Number>
[[nodiscard]] std::optional<Number> number(std::string_view text) noexcept {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

[[nodiscard]] bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

[[nodiscard]] std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), ascii_lower);
    return result;
}

/// A tag is a word of at most 32 characters. Source: MySQL manual "GTID Format".
[[nodiscard]] bool is_tag(std::string_view text) noexcept {
    constexpr std::size_t tag_size_max = 32;
    if (text.empty() || text.size() > tag_size_max || is_digit(text.front())) return false;
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const char low = ascii_lower(letter);
        return is_digit(low) || low == '_' || (low >= 'a' && low <= 'z');
    });
}

}  // namespace

result<gtid_set> gtid_set::parse(std::string_view text, server_flavor flavor) {
    gtid_set parsed;
    text = trimmed(text);
    while (!text.empty()) {
        const std::string_view element = take_until(text, ',');
        if (element.empty()) continue;  // servers accept commas in a row
        const bool is_good = flavor == server_flavor::mysql ? parsed.add_source(element)
                                                            : parsed.add_domain(element);
        if (!is_good) return make_error_code(errc::malformed_gtid_set);
    }
    for (auto& [source, intervals] : parsed.sources_) {
        normalise(intervals);
    }
    return parsed;
}

/// "uuid:1-3:5:tag:1-2": intervals behind a tag belong to the tag.
bool gtid_set::add_source(std::string_view element) {
    const std::string_view uuid = take_until(element, ':');
    if (!uuid_bytes(uuid) || element.empty()) return false;
    std::string source = lower(uuid);
    bool has_interval = false;
    while (!element.empty()) {
        std::string_view item = take_until(element, ':');
        if (is_tag(item)) {
            if (has_interval || source.size() == uuid_text_size) {
                source = lower(uuid) + ":" + lower(item);
                has_interval = false;
                continue;
            }
            return false;  // a tag without intervals
        }
        const bool is_range = item.find('-') != std::string_view::npos;
        const auto first = number<std::uint64_t>(take_until(item, '-'));
        const auto last = is_range ? number<std::uint64_t>(trimmed(item)) : first;
        if (!first || !last || *first == 0 || *last < *first || *last > transaction_number_max)
            return false;
        sources_[source].push_back({*first, *last});
        has_interval = true;
    }
    return has_interval;
}

/// "0-1-100": domain, server, sequence number.
bool gtid_set::add_domain(std::string_view element) {
    const auto domain = number<std::uint32_t>(take_until(element, '-'));
    const auto server_id = number<std::uint32_t>(take_until(element, '-'));
    const auto sequence = number<std::uint64_t>(element);
    if (!domain || !server_id || !sequence) return false;
    raise(*domain, {*server_id, *sequence});
    return true;
}

void gtid_set::raise(std::uint32_t domain, domain_position position) {
    const auto [place, is_new] = domains_.try_emplace(domain, position);
    if (!is_new && place->second.sequence < position.sequence) place->second = position;
}

void gtid_set::normalise(std::vector<interval>& intervals) {
    std::sort(intervals.begin(), intervals.end(), [](const interval& left, const interval& right) {
        return left.first < right.first;
    });
    std::size_t kept = 0;
    for (const interval& next : intervals) {
        if (kept != 0 && next.first <= intervals[kept - 1].last + 1) {
            intervals[kept - 1].last = std::max(intervals[kept - 1].last, next.last);
        } else {
            intervals[kept++] = next;
        }
    }
    intervals.resize(kept);
}

bool gtid_set::empty() const noexcept {
    return sources_.empty() && domains_.empty();
}

std::size_t gtid_set::size() const noexcept {
    std::size_t count = domains_.size();
    for (const auto& [source, intervals] : sources_) {
        count += intervals.size();
    }
    return count;
}

bool gtid_set::contains(const gtid_set& other) const {
    for (const auto& [source, wanted] : other.sources_) {
        const auto place = sources_.find(source);
        if (place == sources_.end()) return false;
        const std::vector<interval>& ours = place->second;
        const bool has_all =
            std::all_of(wanted.begin(), wanted.end(), [&ours](const interval& part) {
                // The only interval that could hold `part` is the last one that starts at or before
                // it.
                const auto after = std::upper_bound(
                    ours.begin(),
                    ours.end(),
                    part.first,
                    [](std::uint64_t first, const interval& candidate) {
                        return first < candidate.first;
                    }
                );
                return after != ours.begin() && std::prev(after)->last >= part.last;
            });
        if (!has_all) return false;
    }
    return std::all_of(other.domains_.begin(), other.domains_.end(), [this](const auto& wanted) {
        const auto place = domains_.find(wanted.first);
        return place != domains_.end() && place->second.sequence >= wanted.second.sequence;
    });
}

void gtid_set::merge(const gtid_set& other) {
    if (sources_.empty()) {
        for (const auto& [domain, position] : other.domains_) {
            raise(domain, position);
        }
    }
    if (!domains_.empty()) return;
    for (const auto& [source, intervals] : other.sources_) {
        std::vector<interval>& ours = sources_[source];
        bool is_sorted = true;
        for (const interval& part : intervals) {
            // Nearly always the next transaction of a source: then nothing has to be sorted.
            const bool follows = ours.empty() || part.first >= ours.back().first;
            if (follows && !ours.empty() && part.first <= ours.back().last + 1) {
                ours.back().last = std::max(ours.back().last, part.last);
                continue;
            }
            is_sorted = is_sorted && follows;
            ours.push_back(part);
        }
        if (!is_sorted) normalise(ours);
    }
}

std::string gtid_set::to_string() const {
    std::string text;
    for (const auto& [source, intervals] : sources_) {
        if (!text.empty()) text += ',';
        text += source;
        for (const interval& part : intervals) {
            text += ':' + std::to_string(part.first);
            if (part.last != part.first) text += '-' + std::to_string(part.last);
        }
    }
    for (const auto& [domain, position] : domains_) {
        if (!text.empty()) text += ',';
        text += std::to_string(domain) + '-' + std::to_string(position.server_id) + '-' +
                std::to_string(position.sequence);
    }
    return text;
}

}  // namespace weir::protocol::mysql
