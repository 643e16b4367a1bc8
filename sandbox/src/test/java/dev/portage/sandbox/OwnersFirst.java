package dev.portage.sandbox;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Classes that have {@link TheWorld} for themselves go first: they run one after another and mostly
 * wait, so those that need no world run beside them. Those that share it follow. Those that keep
 * the machine busy on their own are last.
 */
public final class OwnersFirst implements ClassOrderer {

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparingInt(OwnersFirst::place));
  }

  private static int place(ClassDescriptor each) {
    return each.findAnnotation(OwnsTheWorld.class).map(owner -> owner.busy() ? 2 : 0).orElse(1);
  }
}
