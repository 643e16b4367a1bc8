package dev.portage.distribution;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The kinds of program that an operating system and a processor run, told by a file's header. */
enum Machine {
  ELF_X64,
  ELF_ARM64,
  MACH_O_X64,
  MACH_O_ARM64,
  PE_X64;

  private static final int ELF = 0x7F454C46;
  private static final int MACH_O_64 = 0xFEEDFACF;
  private static final int MZ = 0x5A4D;
  private static final int PE = 0x00004550;

  /** Where an MZ file says where its PE header begins. */
  private static final int PE_OFFSET = 0x3C;

  /** Long enough for each header that is read here. */
  private static final int SHORTEST = 64;

  /** What a program was made for; empty when it is none of these. */
  static Optional<Machine> of(byte[] program) {
    if (program.length < SHORTEST) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    if (Integer.reverseBytes(bytes.getInt(0)) == ELF) {
      return switch (bytes.getShort(18)) {
        case 0x3E -> Optional.of(ELF_X64);
        case 0xB7 -> Optional.of(ELF_ARM64);
        default -> Optional.empty();
      };
    }
    if (bytes.getInt(0) == MACH_O_64) {
      return switch (bytes.getInt(4)) {
        case 0x01000007 -> Optional.of(MACH_O_X64);
        case 0x0100000C -> Optional.of(MACH_O_ARM64);
        default -> Optional.empty();
      };
    }
    return bytes.getShort(0) == MZ ? windows(bytes) : Optional.empty();
  }

  private static Optional<Machine> windows(ByteBuffer bytes) {
    int header = bytes.getInt(PE_OFFSET);
    return header > 0
            && header + 6 <= bytes.capacity()
            && bytes.getInt(header) == PE
            && bytes.getShort(header + 4) == (short) 0x8664
        ? Optional.of(PE_X64)
        : Optional.empty();
  }
}
