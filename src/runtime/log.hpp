#pragma once

#include "config/schema/log_settings.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace weir::runtime {

using config::log_level;

/// A named fact beside a message. Views are only used during the call.
struct log_field {
    using value_type = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

    std::string_view key;
    value_type value;

    log_field(std::string_view name, std::string_view text) : key(name), value(text) {}

    log_field(std::string_view name, const std::string& text)
        : key(name), value(std::string_view(text)) {}

    log_field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}

    log_field(std::string_view name, std::same_as<bool> auto flag) : key(name), value(flag) {}

    log_field(std::string_view name, std::floating_point auto number)
        : key(name), value(static_cast<double>(number)) {}

    log_field(std::string_view name, std::signed_integral auto number)
        : key(name), value(static_cast<std::int64_t>(number)) {}

    template <std::unsigned_integral Number>

    requires(!std::same_as<Number, bool>) log_field(std::string_view name, Number number)
        : key(name), value(static_cast<std::uint64_t>(number)) {}
};

using log_fields = std::initializer_list<log_field>;

/// Writes one line per event, as text or as a JSON object, to standard error or a file. Created by
/// main and handed to whoever logs. One line says what, to whom (session, server), why (code), what
/// follows; never a statement's text, a password or a token. Not for the query path: a line takes a
/// lock. Threads: any.
class logger {
public:
    /// Starts on standard error with the defaults; `configure` says where to and what.
    logger();
    /// Lines go to `sink` instead of a file or standard error: for tests. Configured by `settings`
    /// but for its file.
    logger(const config::log_settings& settings, std::ostream& sink);
    ~logger();
    logger(const logger&) = delete;
    logger& operator=(const logger&) = delete;

    /// Takes new settings and opens the file again (after rotation, too). Returns why it could not,
    /// in words that name the file; everything then stays as it was.
    [[nodiscard]] std::optional<std::string> configure(const config::log_settings& settings);

    [[nodiscard]] bool enabled(log_level level) const noexcept;

    void log(log_level level, std::string_view message, log_fields fields = {});

    void debug(std::string_view message, log_fields fields = {}) {
        log(log_level::debug, message, fields);
    }

    void info(std::string_view message, log_fields fields = {}) {
        log(log_level::info, message, fields);
    }

    void warning(std::string_view message, log_fields fields = {}) {
        log(log_level::warning, message, fields);
    }

    void error(std::string_view message, log_fields fields = {}) {
        log(log_level::error, message, fields);
    }

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

/// The line without time stamp and level, as text: `message  key=value key="with space"`.
[[nodiscard]] std::string format_text(std::string_view message, log_fields fields);

/// The members of the JSON object that follow its time stamp and level:
/// `"message":"...","key":value`.
[[nodiscard]] std::string format_json(std::string_view message, log_fields fields);

/// Lets through the first of many equal messages, then one per interval with the number of those
/// held back. One object per place that can repeat. Thread: its owner's.
class repeated_log {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit repeated_log(std::chrono::milliseconds interval) noexcept : interval_(interval) {}

    /// Engaged: log now, and say that so many were held back since the last time. Empty: hold this
    /// one back.
    [[nodiscard]] std::optional<std::uint64_t> admit(time_point now) noexcept;

private:
    std::chrono::milliseconds interval_;
    std::optional<time_point> last_;
    std::uint64_t held_back_ = 0;
};

}  // namespace weir::runtime
