# Options that every target of ours takes, and the two ways to make one.

include(GNUInstallDirs)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")  # a sixth less to build than -O3; kernels that gain by more say so themselves
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # the same objects make libtupu.so and the executable
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost 1.74 REQUIRED)  # Graph: headers only
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(ZLIB REQUIRED)
find_package(date REQUIRED)  # time zones: libhowardhinnant-date-dev

add_library(tupu_options INTERFACE)
target_compile_features(tupu_options INTERFACE cxx_std_20)
target_compile_options(tupu_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
# g++ 12 warns of overlapping copies inside std::string where there are none (GCC bug 105329).
target_compile_options(tupu_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(TUPU_WARNINGS_AS_ERRORS)
  target_compile_options(tupu_options INTERFACE -Werror)
endif()
if(TUPU_SANITIZE)
  target_compile_options(tupu_options INTERFACE -fsanitize=${TUPU_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(tupu_options INTERFACE -fsanitize=${TUPU_SANITIZE})
endif()
if(TUPU_FUZZ)
  target_compile_options(tupu_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(tupu_options INTERFACE -fsanitize=address,undefined)
endif()
# The root is the include root, so that an #include line shows the direction between folders; <tupu/...> are the
# headers that are installed.
target_include_directories(tupu_options INTERFACE
  ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/storage/base ${PROJECT_SOURCE_DIR}/engine/api)

# tupu_add_library(NAME SOURCES... [PUBLIC libs...] [PRIVATE libs...])
function(tupu_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC tupu_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()
