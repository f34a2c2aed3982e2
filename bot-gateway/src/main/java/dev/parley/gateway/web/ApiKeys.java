package dev.parley.gateway.web;

import dev.parley.shared.runtime.Sha256;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The keys that open the API, and whose they are: each key is a tenant of its own. Without keys
/// everybody is the one local tenant.
///
/// Keys are kept and compared as hashes, all of them each time, so that neither a dump nor the time
/// an answer takes tells about them.
public final class ApiKeys {
  private static final String LOCAL_TENANT = "local";
  private static final String SCHEME = "Bearer ";

  /// Bytes of a key's hash that name its tenant.
  private static final int TENANT_BYTES = 6;

  private final List<byte[]> hashes;

  private ApiKeys(List<byte[]> hashes) {
    this.hashes = hashes;
  }

  /// @throws IllegalArgumentException when a key is blank
  public static ApiKeys of(Collection<String> keys) {
    if (keys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("an API key must not be blank");
    }
    return new ApiKeys(keys.stream().map(Sha256::of).toList());
  }

  public static ApiKeys none() {
    return new ApiKeys(List.of());
  }

  public boolean isEmpty() {
    return hashes.isEmpty();
  }

  /// The tenant that an `Authorization` header stands for; empty when it opens nothing.
  Optional<String> tenant(Optional<String> authorization) {
    if (hashes.isEmpty()) {
      return Optional.of(LOCAL_TENANT);
    }
    byte[] sent =
        Sha256.of(
            authorization
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip())
                .orElse(""));
    boolean known = false;
    for (byte[] hash : hashes) {
      known |= MessageDigest.isEqual(hash, sent);
    }
    return known
        ? Optional.of("k" + HexFormat.of().formatHex(sent, 0, TENANT_BYTES))
        : Optional.empty();
  }

  /// The number of keys, never the keys.
  @Override
  public String toString() {
    return "ApiKeys[" + hashes.size() + "]";
  }
}
