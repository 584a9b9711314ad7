#include "splitter/sql/literal_lists.hpp"

namespace weir::splitter {

void literal_lists::on_values(std::size_t count, digest_writer& out) noexcept {
    const bool is_alone = values_ != amount::none && !has_comma_after_values_;
    if (is_alone || (rows_ != amount::none && !has_open_)) write(out);
    const bool is_first = values_ == amount::none && count == 1;
    values_ = is_first ? amount::one : amount::several;
    has_comma_after_values_ = false;
}

void literal_lists::on_comma(digest_writer& out) noexcept {
    if (values_ != amount::none && !has_comma_after_values_) {
        has_comma_after_values_ = true;
    } else if (rows_ != amount::none && !has_comma_after_rows_) {
        has_comma_after_rows_ = true;
    } else {
        write(out);
        out.write_mark(',');
    }
}

void literal_lists::on_open(digest_writer& out) noexcept {
    if (!has_comma_after_rows_ || has_open_) write(out);
    has_open_ = true;
}

void literal_lists::on_close(digest_writer& out) noexcept {
    const bool ends_row = has_open_ && values_ != amount::none && !has_comma_after_values_;
    if (!ends_row) {
        write(out);
        out.write_mark(')');
        return;
    }
    if (rows_ == amount::none) {
        rows_ = amount::one;
        values_of_row_ = values_;
    } else {
        rows_ = amount::several;
    }
    has_comma_after_rows_ = false;
    has_open_ = false;
    values_ = amount::none;
}

void literal_lists::on_ellipsis(digest_writer& out) noexcept {
    const bool continues_values = has_comma_after_values_;
    const bool starts_values = has_open_ && values_ == amount::none;
    if (continues_values || starts_values) {
        values_ = amount::several;
        has_comma_after_values_ = false;
    } else if (has_comma_after_rows_ && !has_open_) {
        rows_ = amount::several;
        has_comma_after_rows_ = false;
    } else {
        write(out);
        out.write_other("...");
    }
}

/// A row before another parenthesis is written alike whatever its length: of those in the middle of
/// a long list, the length is not known.
void literal_lists::write_rows(digest_writer& out) const noexcept {
    const bool is_single = rows_ == amount::one && values_of_row_ == amount::one && !has_open_;
    out.write_mark('(');
    out.write_other(is_single ? "?" : "...");
    out.write_mark(')');
    if (rows_ != amount::several) return;
    out.write_mark(',');
    out.write_other("...");
}

void literal_lists::write_held(digest_writer& out) noexcept {
    if (rows_ != amount::none) write_rows(out);
    if (has_comma_after_rows_) out.write_mark(',');
    if (has_open_) out.write_mark('(');
    if (values_ != amount::none) out.write_other("?");
    if (values_ == amount::several) {
        out.write_mark(',');
        out.write_other("...");
    }
    if (has_comma_after_values_) out.write_mark(',');
    *this = {};
}

}  // namespace weir::splitter
