# Defines the target tupu_rocksdb: Debian's library, or the build under TUPU_ROCKSDB_ROOT.
# RocksDB's own CMake config is not used: it asks for the development packages of everything it was built with.

set(tupu_rocksdb_hints)
if(TUPU_ROCKSDB_ROOT)
  set(tupu_rocksdb_hints HINTS ${TUPU_ROCKSDB_ROOT} PATH_SUFFIXES include lib lib64 build NO_DEFAULT_PATH)
endif()
find_path(TUPU_ROCKSDB_INCLUDE_DIR rocksdb/db.h ${tupu_rocksdb_hints})
find_library(TUPU_ROCKSDB_LIBRARY rocksdb ${tupu_rocksdb_hints})
if(NOT TUPU_ROCKSDB_INCLUDE_DIR OR NOT TUPU_ROCKSDB_LIBRARY)
  message(FATAL_ERROR "RocksDB was not found: install librocksdb-dev, name a build with -DTUPU_ROCKSDB_ROOT=DIR, or "
    "build without it with -DTUPU_WITH_ROCKSDB=OFF (databases in memory only)")
endif()
message(STATUS "RocksDB: ${TUPU_ROCKSDB_LIBRARY}")

# Executables take the archive where it and what it needs are there: without the 22,000 symbols that a shared RocksDB looks
# up at each start `tupu` starts in two thirds of the time. libtupu takes the shared library, as does all else otherwise.
find_library(TUPU_ROCKSDB_ARCHIVE librocksdb.a ${tupu_rocksdb_hints})
set(tupu_rocksdb_codecs)
foreach(codec snappy z bz2 lz4 zstd)
  find_library(TUPU_ROCKSDB_${codec}_LIBRARY ${codec})
  if(TUPU_ROCKSDB_${codec}_LIBRARY)
    list(APPEND tupu_rocksdb_codecs ${TUPU_ROCKSDB_${codec}_LIBRARY})
  elseif(NOT TUPU_ROCKSDB_ROOT)
    set(tupu_rocksdb_lacks ${codec})
  endif()
endforeach()
set(tupu_rocksdb_library ${TUPU_ROCKSDB_LIBRARY})
if(TUPU_ROCKSDB_ARCHIVE AND NOT tupu_rocksdb_lacks)
  message(STATUS "RocksDB: ${TUPU_ROCKSDB_ARCHIVE} for executables")
  set(tupu_rocksdb_library
    $<IF:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>,${TUPU_ROCKSDB_ARCHIVE},${TUPU_ROCKSDB_LIBRARY}>
    ${tupu_rocksdb_codecs})
endif()

add_library(tupu_rocksdb INTERFACE)
target_include_directories(tupu_rocksdb SYSTEM INTERFACE ${TUPU_ROCKSDB_INCLUDE_DIR})
target_link_libraries(tupu_rocksdb INTERFACE ${tupu_rocksdb_library} Threads::Threads ${CMAKE_DL_LIBS})
