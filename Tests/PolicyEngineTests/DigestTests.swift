import Testing

@testable import PolicyEngine

/// The published vectors of FIPS 180-4, and that pieces make no difference.
@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func publishedVectors(_ text: String, _ digest: String) {
    var whole = SHA256()
    whole.update(Array(text.utf8))
    #expect(whole.hex() == digest)
    var pieces = SHA256()
    let bytes = Array(text.utf8)
    var index = 0
    var length = 1
    while index < bytes.count {
      pieces.update(Array(bytes[index..<min(index + length, bytes.count)]))
      index += length
      length = length % 97 + 1
    }
    #expect(pieces.hex() == digest)
  }

  /// Lengths about the ends of blocks, where the padding needs one more or does not (digests by
  /// another implementation).
  @Test(arguments: [
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
    (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
    (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
  ])
  func lengthsAboutTheEndOfABlock(_ length: Int, _ digest: String) {
    var whole = SHA256()
    whole.update([UInt8](repeating: 0x61, count: length))
    #expect(whole.hex() == digest)
    var bytewise = SHA256()
    for _ in 0..<length { bytewise.update([0x61]) }
    #expect(bytewise.hex() == digest)
  }

  /// FIPS 180-4, section 4.2.2.
  @Test func constantsAreCubeRootsOfPrimes() {
    var primes: [UInt32] = []
    var candidate: UInt32 = 2
    while primes.count < 64 {
      if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
      candidate += 1
    }
    for (index, prime) in primes.enumerated() {
      // The largest r with r³ ≤ prime · 2⁹⁶; its low 32 bits are the fraction.
      var (low, high): (UInt64, UInt64) = (0, 1 << 35)
      while high - low > 1 {
        let middle = (low + high) / 2
        let isWithin = UInt128(middle) * UInt128(middle) * UInt128(middle) <= UInt128(prime) << 96
        if isWithin { low = middle } else { high = middle }
      }
      #expect(SHA256.constants[index] == UInt32(truncatingIfNeeded: low))
    }
  }
}
