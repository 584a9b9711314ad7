#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace weir {

/// The error currency of every layer; each layer adds one enum of codes of its own.
using boost::system::error_code;

/// A value or an error_code. Never throws unless `value()` is called on an error, which is a bug.
template <class Value>
using result = boost::system::result<Value, error_code>;

}  // namespace weir
