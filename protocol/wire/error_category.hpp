#pragma once

#include <boost/system/error_category.hpp>

#include <string>

namespace weir::protocol::wire {

// GCC wants a virtual destructor here; Boost's base has none on purpose, as categories are never
// deleted.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

/// A category of error codes: its name and the text of each code. For one static object per layer.
class error_category final : public boost::system::error_category {
public:
    using message_function = const char* (*)(int);

    /// Both must live forever; `message_of` answers any number.
    constexpr error_category(const char* layer, message_function message_of) noexcept
        : layer_(layer), message_of_(message_of) {}

    [[nodiscard]] const char* name() const noexcept override { return layer_; }

    [[nodiscard]] std::string message(int code) const override { return message_of_(code); }

private:
    const char* layer_;
    message_function message_of_;
};

#pragma GCC diagnostic pop

}  // namespace weir::protocol::wire
