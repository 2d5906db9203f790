#pragma once

#include <string>
#include <string_view>

#include <tupu/result.h>

namespace tupu {

/// The declarations of `stored` with those of `added`: by name, the added one replaces the stored one; `data_set` stays
/// the stored one. Either may be empty (nothing declared). The text is `stored` itself when nothing changes. Requires:
/// both were accepted by Ontology::Parse.
std::string MergeOntologies(std::string_view stored, std::string_view added);

}  // namespace tupu
