import EngineComparison

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `differential [--cases N] [--seed N] [--seconds N]`: compares the engine with the reference and all
/// ways of asking with each other, on so many random cases at least and for so many seconds. The
/// exit status is 1 if anything does not agree, or if it saw less than it should.
func option(_ name: String, _ usual: Int) -> Int {
  let arguments = CommandLine.arguments
  guard let place = arguments.firstIndex(of: name) else { return usual }
  guard place + 1 < arguments.count, let number = Int(arguments[place + 1]), number >= 0 else {
    print("\(name) takes a number")
    exit(64)
  }
  return number
}

let cases = option("--cases", 100_000)
let requests = 40
let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
let result = await Comparison(seed: option("--seed", 1), requests: requests).run(
  rounds: (cases + requests - 1) / requests, seconds: option("--seconds", 0), tasks: cores)
let kinds = result.kinds.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }
print("differential: \(result.cases) cases in fourteen ways each; \(kinds.joined(separator: ", "))")
if let fault = result.fault {
  print("they do not agree:\n\(fault)")
  exit(1)
}
guard result.cases >= cases else {
  print("only \(result.cases) of \(cases) cases were seen")
  exit(1)
}
for kind in Comparison.kinds where result.kinds[kind, default: 0] * 200 < cases {
  print("too few cases end in `\(kind)`")
  exit(1)
}
