package dev.portage.sandbox;

/** placeholder */
public final class SandboxCommand {
  private SandboxCommand() {}

  /** placeholder */
  public static void main(String[] arguments) {
    System.out.println("hello " + String.join(",", arguments));
  }
}
