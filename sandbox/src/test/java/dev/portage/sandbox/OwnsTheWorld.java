package dev.portage.sandbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Has {@link TheWorld} for itself, to kill its workers or to change what all of them read. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TheWorld.class)
@ResourceLock(TheWorld.LOCK)
public @interface OwnsTheWorld {
  /** Whether it keeps the machine busy on its own, with several promotions at once. */
  boolean busy() default false;
}
