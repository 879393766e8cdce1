import CEL
import FuzzDriver
import Glibc

/// Text through lexer, parser, checker, compiler and machine, with checking on and off: never a
/// crash, never without end.
func test(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let source = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
  for checks in [true, false] {
    var environment = Environment(extensions: .all)
    environment.checksTypes = checks
    environment.budget = 20_000
    environment.declare("a", .int)
    environment.declare("s", .string)
    environment.declare("m", .map(.string, .dyn))
    environment.declare("xs", .list(.dyn))
    guard let compiled = try? environment.compile(source) else { continue }
    _ = try? compiled.evaluate([
      "a": 3, "s": "texté", "m": ["k": ["n": nil, "f": 1.5]], "xs": [1, "two", 3.0, [4]],
    ])
  }
  return 0
}

exit(fuzz { test($0, $1) })
