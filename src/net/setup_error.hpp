#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace weir::net {

/// Why a listener, a certificate or a socket could not be set up, in words for an operator: names
/// the endpoint or file.
struct setup_error {
    std::string message;
    friend bool operator==(const setup_error&, const setup_error&) = default;
};

/// What `setup_result::value()` does where an error is a bug; found by Boost.System by its name.
[[noreturn]] inline void
throw_exception_from_error(const setup_error& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class Value>
using setup_result = boost::system::result<Value, setup_error>;

}  // namespace weir::net
