package io.switchboard.bridges.rocketmq;

import io.switchboard.backplane.Backplane;
import io.switchboard.backplane.BackplaneProvider;

/** Opens backplanes on RocketMQ 5. There are no options. */
public final class RocketBackplaneProvider implements BackplaneProvider {
    @Override
    public String type() {
        return "rocketmq";
    }

    @Override
    public Backplane open(Settings settings) {
        RocketTarget target = RocketTarget.parse(settings.uri());
        if (!settings.options().isEmpty()) {
            throw new IllegalArgumentException("backplane.options "
                    + settings.options().keySet().stream().sorted().toList() + " are unknown to RocketMQ; it has none");
        }
        return new RocketBackplane(settings, target, Names.of(settings.cluster(), settings.self()));
    }
}
