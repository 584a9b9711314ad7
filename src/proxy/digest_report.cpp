#include "src/proxy/digest_report.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace weir::proxy {
namespace {

std::uint64_t measure(const digest_numbers& numbers, digest_order order) noexcept {
    switch (order) {
        case digest_order::time: return numbers.latency.sum_us;
        case digest_order::count: return numbers.count();
        case digest_order::errors: return numbers.errors;
        case digest_order::rows: return numbers.rows;
        case digest_order::bytes: return numbers.bytes;
    }
    return 0;
}

void merge(digest_row& sum, const digest_row& row) {
    sum.numbers.merge(row.numbers);
    sum.first_seen = std::min(sum.first_seen, row.first_seen);
    if (row.last_seen > sum.last_seen && !row.pin_cause.empty()) sum.pin_cause = row.pin_cause;
    if (sum.pin_cause.empty()) sum.pin_cause = row.pin_cause;
    sum.last_seen = std::max(sum.last_seen, row.last_seen);
}

}  // namespace

digest_report report_digests(
    std::span<const digest_table* const> workers, digest_order order, std::size_t rows_max
) {
    digest_report report;
    using subject = std::tuple<std::uint64_t, std::string, std::string>;
    std::map<subject, digest_row> sums;
    for (const digest_table* worker : workers) {
        for (digest_row& row : worker->rows()) {
            const auto [found, is_new] =
                sums.try_emplace(subject(row.digest, row.schema, row.user));
            if (is_new) {
                found->second = std::move(row);
            } else {
                merge(found->second, row);
            }
        }
        report.others.merge(worker->others());
        report.evictions += worker->evictions();
    }
    report.row_count = sums.size();
    report.rows.reserve(sums.size());
    for (auto& [name, row] : sums)
        report.rows.push_back(std::move(row));
    const std::size_t listed = std::min(rows_max, report.rows.size());
    const auto comes_first = [order](const digest_row& left, const digest_row& right) {
        const std::uint64_t left_value = measure(left.numbers, order);
        const std::uint64_t right_value = measure(right.numbers, order);
        if (left_value != right_value) return left_value > right_value;
        return std::tie(left.text, left.schema, left.user) <
               std::tie(right.text, right.schema, right.user);
    };
    std::partial_sort(
        report.rows.begin(),
        report.rows.begin() + static_cast<std::ptrdiff_t>(listed),
        report.rows.end(),
        comes_first
    );
    report.rows.resize(listed);
    return report;
}

}  // namespace weir::proxy
