package io.switchboard.server.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * What to do when the operating system asks the process to end. A shutdown hook would do it too, but the process would
 * then report 143 instead of 0, and a second signal would be lost. The JDK's only door to signals is
 * {@code sun.misc.Signal}, reached by reflection because the compiler refuses it as proprietary.
 */
final class Signals {
    private Signals() {}

    /** Runs the action, on a thread of the JDK, each time the signal comes ({@code "TERM"}, {@code "INT"}). */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                default -> "signal " + name;
            };
            Object listening = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, calls);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), listening);
        } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName())
                    .log(System.Logger.Level.WARNING, "signal " + name + " cannot be handled here", e);
        }
    }
}
