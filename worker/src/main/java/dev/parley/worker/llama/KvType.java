package dev.parley.worker.llama;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The number format of the KV cache: how much memory a token takes, and on which device it costs time.
///
/// On a CPU `F16` is the fastest and the quantized ones only save memory; on a GPU `Q8_0` is nearly
/// free.
public enum KvType {
  /// 16 bits a value.
  F16(1, 16.0),
  /// Blocks of 32 values in 34 bytes: 8.5 bits a value.
  Q8_0(8, 8.5),
  /// Blocks of 32 values in 18 bytes: 4.5 bits a value.
  Q4_0(2, 4.5);

  private final int ggmlType;
  private final double bitsPerValue;

  KvType(int ggmlType, double bitsPerValue) {
    this.ggmlType = ggmlType;
    this.bitsPerValue = bitsPerValue;
  }

  int ggmlType() {
    return ggmlType;
  }

  public double bitsPerValue() {
    return bitsPerValue;
  }

  /// The name used in settings: `f16`, `q8_0`, `q4_0`.
  public String settingName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException naming the known types
  public static KvType ofSetting(String name) {
    return Arrays.stream(values())
        .filter(type -> type.settingName().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "KV type \""
                    + name
                    + "\" is unknown: use one of "
                    + Arrays.stream(values())
                        .map(KvType::settingName)
                        .collect(Collectors.joining(", "))));
  }
}
