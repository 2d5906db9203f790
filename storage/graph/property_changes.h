#pragma once

#include <span>

#include "storage/columns/property_cache.h"
#include "storage/graph/graph_overlay.h"

namespace tupu {

/// Shows what the commit of `overlays` leaves of each record and edge that they wrote: one change an entity.
void VisitPropertyChanges(std::span<const GraphOverlay* const> overlays, const PropertyChangeVisitor& visit);

}  // namespace tupu
