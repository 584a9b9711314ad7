#include "splitter/sql/statement_form.hpp"

#include <algorithm>
#include <cstring>

namespace weir::splitter {
namespace {

/// What to do with a byte that starts something.
enum class form_step : std::uint8_t {
    keep,
    name,
    digits,
    string,
    quoted_name,
    dot,
    at,
    maybe_comment,
    give_up,
};

constexpr bool is_digit_byte(unsigned byte) noexcept {
    return byte >= '0' && byte <= '9';
}

constexpr bool continues_name(unsigned byte) noexcept {
    const unsigned letter = byte | 0x20U;
    return (letter >= 'a' && letter <= 'z') || is_digit_byte(byte) || byte == '_' || byte == '$';
}

constexpr form_step step_of(unsigned byte) noexcept {
    if (is_digit_byte(byte)) return form_step::digits;
    if (continues_name(byte)) return form_step::name;
    switch (byte) {
        case '\t':
        case '\n':
        case '\r': return form_step::keep;
        case '\'': return form_step::string;
        case '`': return form_step::quoted_name;
        case '.': return form_step::dot;
        case '@': return form_step::at;
        case '/':
        case '-': return form_step::maybe_comment;
        case '"':
        case '\\':
        case '#':
        case ';': return form_step::give_up;
        default: return byte < ' ' || byte >= 0x7F ? form_step::give_up : form_step::keep;
    }
}

constexpr std::array<form_step, 256> form_steps = [] {
    std::array<form_step, 256> steps{};
    for (unsigned byte = 0; byte < steps.size(); ++byte)
        steps[byte] = step_of(byte);
    return steps;
}();

constexpr std::array<bool, 256> name_continuations = [] {
    std::array<bool, 256> continues{};
    for (unsigned byte = 0; byte < continues.size(); ++byte)
        continues[byte] = continues_name(byte);
    return continues;
}();

class form_writer {
public:
    form_writer(const lexer_options& options, std::string_view text, char* to) noexcept
        : begin_{text.data()},
          in_{text.data()},
          end_{text.data() + text.size()},
          out_{to},
          high_in_strings_{options.charset == multibyte_kind::utf8} {}

    /// The end of what was written; null: the text has no form.
    char* write() noexcept {
        while (in_ != end_) {
            if (!step()) return nullptr;
        }
        return out_;
    }

private:
    bool step() noexcept {
        switch (form_steps[static_cast<unsigned char>(*in_)]) {
            case form_step::keep: keep(); return true;
            case form_step::name: keep_name(); return true;
            case form_step::digits: digits(); return true;
            case form_step::string: return string();
            case form_step::quoted_name: return quoted_name();
            case form_step::dot: dot(); return true;
            case form_step::at: return at();
            case form_step::maybe_comment: return mark();
            case form_step::give_up: break;
        }
        return false;
    }

    void keep() noexcept { *out_++ = *in_++; }

    [[nodiscard]] char here() const noexcept { return in_ == end_ ? '\0' : *in_; }

    [[nodiscard]] bool at_name() const noexcept {
        return in_ != end_ && name_continuations[static_cast<unsigned char>(*in_)];
    }

    [[nodiscard]] bool at_digit() const noexcept {
        return in_ != end_ && is_digit_byte(static_cast<unsigned char>(*in_));
    }

    void keep_name() noexcept {
        while (at_name())
            keep();
    }

    void skip_digits() noexcept {
        while (at_digit())
            ++in_;
    }

    /// What follows digits tells what they are: 0x1F, 1e5 and 5a are kept.
    void digits() noexcept {
        const char* const from = in_;
        skip_digits();
        char mark = statement_form::whole_number;
        if (here() == '.') {
            ++in_;
            skip_digits();
            mark = statement_form::broken_number;
        }
        if (!at_name() && here() != '.') {
            *out_++ = mark;
            return;
        }
        out_ = std::copy(from, in_, out_);
        keep_name();
    }

    /// x'41', N'a' and @'a' are something else.
    bool string() noexcept {
        if (in_ != begin_ && name_continuations[static_cast<unsigned char>(in_[-1])]) return false;
        for (++in_; in_ != end_ && *in_ != '\''; ++in_) {
            const bool is_high = static_cast<unsigned char>(*in_) >= 0x80;
            if (*in_ == '\\' || (is_high && !high_in_strings_)) return false;
        }
        if (in_ == end_ || (++in_ != end_ && *in_ == '\'')) return false;
        *out_++ = statement_form::any_string;
        return true;
    }

    bool quoted_name() noexcept {
        do {
            const auto byte = static_cast<unsigned char>(*in_);
            if (byte < ' ' || byte >= 0x80) return false;
            keep();
        } while (in_ != end_ && *in_ != '`');
        if (in_ == end_) return false;
        keep();
        return true;
    }

    /// What follows is a name or the rest of a number.
    void dot() noexcept {
        keep();
        keep_name();
    }

    bool at() noexcept {
        do {
            keep();
        } while (at_name() || here() == '.' || here() == '@');
        return here() != '\'';
    }

    /// Not the start of a comment.
    bool mark() noexcept {
        const char first = *in_;
        keep();
        return here() != (first == '/' ? '*' : '-');
    }

    const char* begin_;
    const char* in_;
    const char* end_;
    char* out_;
    bool high_in_strings_;
};

}  // namespace

statement_form::statement_form(const reading_subject& subject) noexcept {
    const auto& [text, options, schema, version] = subject;
    if (text.empty() || text.size() > longest_text || schema.size() > longest_schema) return;
    const std::uint64_t how = static_cast<std::uint64_t>(options.ansi_quotes) |
                              static_cast<std::uint64_t>(options.no_backslash_escapes) << 1U |
                              static_cast<std::uint64_t>(options.ignore_space) << 2U |
                              static_cast<std::uint64_t>(options.charset) << 8U |
                              static_cast<std::uint64_t>(options.flavor) << 16U |
                              static_cast<std::uint64_t>(options.server_version) << 32U;
    char* to = bytes_.data();
    std::memcpy(to, &version, sizeof(version));
    std::memcpy(to + sizeof(version), &how, sizeof(how));
    to = std::ranges::copy(schema, to + head).out;
    *to++ = '\0';  // stands in no text that has a form
    text_at_ = static_cast<std::size_t>(to - bytes_.data());
    const char* const end = form_writer(options, text, to).write();
    if (end != nullptr) size_ = static_cast<std::size_t>(end - bytes_.data());
}

}  // namespace weir::splitter
