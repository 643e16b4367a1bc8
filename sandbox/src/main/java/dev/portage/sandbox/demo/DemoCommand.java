package dev.portage.sandbox.demo;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Tells one promotion as it happens. */
@Command(name = "demo", mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
