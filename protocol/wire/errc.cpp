#include "protocol/wire/errc.hpp"

#include <string>

namespace weir::protocol::wire {
namespace {

class category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "wire"; }

    [[nodiscard]] std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
            case errc::truncated: return "the bytes end inside a field";
            case errc::trailing_bytes: return "bytes are left after the last field";
            case errc::value_out_of_range: return "a field holds a value that is not allowed there";
            case errc::buffer_limit: return "the limit of a buffer is reached";
        }
        return "unknown error";
    }
};

}  // namespace

const boost::system::error_category& wire_category() noexcept {
    static const category instance;
    return instance;
}

}  // namespace weir::protocol::wire
