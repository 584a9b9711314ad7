#include "src/runtime/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cmath>
#include <mutex>
#include <ostream>
#include <utility>

namespace weir::runtime {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

spdlog::level::level_enum native_level(log_level level) noexcept {
    switch (level) {
        case log_level::debug: return spdlog::level::debug;
        case log_level::info: return spdlog::level::info;
        case log_level::warning: return spdlog::level::warn;
        case log_level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

template <class Number>
void append_number(std::string& line, Number number) {
    std::array<char, 64> digits{};
    line.append(
        digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr
    );
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_between(char c, unsigned low, unsigned high) noexcept {
    const auto value = static_cast<unsigned char>(c);
    return value >= low && value <= high;
}

/// The length of the UTF-8 sequence that `text` starts with; 0 if it is none. Source: RFC 3629 s.4.
std::size_t utf8_sequence(std::string_view text) noexcept {
    struct form {
        unsigned first_low, first_high, second_low, second_high;
        std::size_t length;
    };

    static constexpr std::array forms{
        form{0x00, 0x7F, 0, 0, 1},
        form{0xC2, 0xDF, 0x80, 0xBF, 2},
        form{0xE0, 0xE0, 0xA0, 0xBF, 3},
        form{0xE1, 0xEC, 0x80, 0xBF, 3},
        form{0xED, 0xED, 0x80, 0x9F, 3},
        form{0xEE, 0xEF, 0x80, 0xBF, 3},
        form{0xF0, 0xF0, 0x90, 0xBF, 4},
        form{0xF1, 0xF3, 0x80, 0xBF, 4},
        form{0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (const auto& each : forms) {
        if (!is_between(text.front(), each.first_low, each.first_high)) continue;
        if (text.size() < each.length) return 0;
        if (each.length > 1 && !is_between(text[1], each.second_low, each.second_high)) return 0;
        for (std::size_t i = 2; i < each.length; ++i) {
            if (!is_between(text[i], 0x80, 0xBF)) return 0;
        }
        return each.length;
    }
    return 0;
}

/// One character of a JSON string or of quoted text, whose escapes are the same.
void append_escaped_byte(std::string& line, char c) {
    switch (c) {
        case '"': line += "\\\""; return;
        case '\\': line += "\\\\"; return;
        case '\n': line += "\\n"; return;
        case '\r': line += "\\r"; return;
        case '\t': line += "\\t"; return;
        default: break;  // a byte is no enum
    }
    if (!is_control(c)) {
        line += c;
        return;
    }
    const auto value = static_cast<unsigned char>(c);
    line.append("\\u00").append(1, hex_digits[value >> 4]).append(1, hex_digits[value & 15]);
}

/// What a peer sent may be any bytes: those that are no UTF-8 become U+FFFD, for a line that no
/// reader can use is worse.
void append_escaped(std::string& line, std::string_view text) {
    while (!text.empty()) {
        const auto length = utf8_sequence(text);
        if (length == 0) {
            line += "\xEF\xBF\xBD";
        } else if (length == 1) {
            append_escaped_byte(line, text.front());
        } else {
            line += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

void append_quoted(std::string& line, std::string_view text) {
    line += '"';
    append_escaped(line, text);
    line += '"';
}

bool needs_quotes(std::string_view text) noexcept {
    if (text.empty()) return true;
    for (const char c : text) {
        const bool plain = is_between(c, 0x21, 0x7E) && c != '"' && c != '\\' && c != '=';
        if (!plain) return true;
    }
    return false;
}

/// Appends a field's value; the two formats differ in strings and in numbers that JSON does not
/// have.
struct value_writer {
    std::string& line;
    config::log_format format;

    void operator()(std::string_view text) const {
        if (format == config::log_format::json || needs_quotes(text)) {
            append_quoted(line, text);
        } else {
            line += text;
        }
    }

    void operator()(bool flag) const { line += flag ? "true" : "false"; }

    void operator()(std::int64_t number) const { append_number(line, number); }

    void operator()(std::uint64_t number) const { append_number(line, number); }

    void operator()(double number) const {
        if (format == config::log_format::json && !std::isfinite(number)) {
            line += "null";
        } else {
            append_number(line, number);
        }
    }
};

const char* pattern(config::log_format format) noexcept {
    switch (format) {
        case config::log_format::text: return "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
        case config::log_format::json: return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
    }
    return "%v";
}

std::shared_ptr<spdlog::logger> make_logger(
    spdlog::sink_ptr sink, const config::log_settings& settings
) {
    auto made = std::make_shared<spdlog::logger>("weir", std::move(sink));
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
        pattern(settings.format), spdlog::pattern_time_type::utc
    ));
    // Levels are filtered before a line is composed; every line is written at once, for the last
    // one before a crash counts.
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
}

}  // namespace

std::string format_text(std::string_view message, log_fields fields) {
    std::string line;
    append_escaped(line, message);
    char separator = ' ';
    for (const auto& field : fields) {
        line += separator;
        if (separator == ' ' && &field == fields.begin()) line += ' ';
        line.append(field.key) += '=';
        std::visit(value_writer{line, config::log_format::text}, field.value);
    }
    return line;
}

std::string format_json(std::string_view message, log_fields fields) {
    std::string line = "\"message\":";
    append_quoted(line, message);
    for (const auto& field : fields) {
        line += ',';
        append_quoted(line, field.key);
        line += ':';
        std::visit(value_writer{line, config::log_format::json}, field.value);
    }
    return line;
}

struct logger::implementation {
    std::mutex mutex;  ///< lines and reconfigurations one after the other
    std::atomic<log_level> level{log_level::info};
    config::log_format format = config::log_format::text;
    std::shared_ptr<spdlog::logger> native;  // spdlog's own way of holding a logger
};

logger::logger() : implementation_(std::make_unique<implementation>()) {
    implementation_->native = make_logger(std::make_shared<spdlog::sinks::stderr_sink_st>(), {});
}

logger::logger(const config::log_settings& settings, std::ostream& sink)
    : implementation_(std::make_unique<implementation>()) {
    implementation_->level = settings.level;
    implementation_->format = settings.format;
    implementation_->native =
        make_logger(std::make_shared<spdlog::sinks::ostream_sink_st>(sink), settings);
}

logger::~logger() = default;

std::optional<std::string> logger::configure(const config::log_settings& settings) {
    try {
        spdlog::sink_ptr sink;
        if (settings.file.empty()) {
            sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
        } else {
            sink = std::make_shared<spdlog::sinks::basic_file_sink_st>(settings.file);
        }
        auto made = make_logger(std::move(sink), settings);
        const std::scoped_lock lock(implementation_->mutex);
        implementation_->native.swap(made);
        implementation_->format = settings.format;
        implementation_->level.store(settings.level, std::memory_order_relaxed);
        return std::nullopt;
    } catch (const std::exception& exception) {
        return "log file " + settings.file + ": " + exception.what();
    }
}

bool logger::enabled(log_level level) const noexcept {
    return level >= implementation_->level.load(std::memory_order_relaxed);
}

void logger::log(log_level level, std::string_view message, log_fields fields) {
    if (!enabled(level)) return;
    const std::scoped_lock lock(implementation_->mutex);
    const auto line = implementation_->format == config::log_format::json
                          ? format_json(message, fields)
                          : format_text(message, fields);
    implementation_->native->log(
        native_level(level), spdlog::string_view_t(line.data(), line.size())
    );
}

std::optional<std::uint64_t> repeated_log::admit(time_point now) noexcept {
    if (last_ && now - *last_ < interval_) {
        ++held_back_;
        return std::nullopt;
    }
    last_ = now;
    return std::exchange(held_back_, 0);
}

}  // namespace weir::runtime
