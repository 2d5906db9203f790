#pragma once

// All of tupu's public interface.

#include <tupu/cancellation.h>  // IWYU pragma: export
#include <tupu/database.h>      // IWYU pragma: export
#include <tupu/result.h>        // IWYU pragma: export
#include <tupu/row.h>           // IWYU pragma: export
#include <tupu/value.h>         // IWYU pragma: export
#include <tupu/value_json.h>    // IWYU pragma: export
