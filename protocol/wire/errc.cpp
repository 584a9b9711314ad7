#include "protocol/wire/errc.hpp"

#include "protocol/wire/error_category.hpp"

namespace weir::protocol::wire {
namespace {

[[nodiscard]] const char* message_of(int value) {
    switch (static_cast<errc>(value)) {
        case errc::truncated: return "the bytes end inside a field";
        case errc::trailing_bytes: return "bytes are left after the last field";
        case errc::value_out_of_range: return "a field holds a value that is not allowed there";
        case errc::buffer_limit: return "the limit of a buffer is reached";
    }
    return "unknown error";
}

}  // namespace

const boost::system::error_category& wire_category() noexcept {
    static const error_category instance("wire", message_of);
    return instance;
}

}  // namespace weir::protocol::wire
