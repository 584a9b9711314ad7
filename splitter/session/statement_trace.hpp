#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::splitter {

/// Where a session's last statement ran and why: what SHOW WARNINGS tells while @@weir_trace is on.
struct statement_trace {
    std::string server{};       ///< that it was sent to last; empty: weir answered it
    bool on_primary = false;    ///< that server is the primary
    std::string_view why{};     ///< it needs that kind of server; static text
    std::string_view choice{};  ///< why that server of its kind; static text, empty: it was held
    std::string pin{};          ///< what held the session on its connection; empty: nothing
    std::string rules{};        ///< that applied; empty: none
    std::chrono::nanoseconds wait{0};  ///< from its arrival until it was sent
    std::uint32_t attempts = 0;        ///< connections that were taken for it
    friend bool operator==(const statement_trace&, const statement_trace&) = default;
};

/// One line for people.
[[nodiscard]] std::string text_of(const statement_trace& trace);

}  // namespace weir::splitter
