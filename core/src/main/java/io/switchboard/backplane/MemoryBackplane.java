package io.switchboard.backplane;

import io.switchboard.message.Publication;
import io.switchboard.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Links nodes that live in one process: each node opens one on the same {@link Bus}. */
public final class MemoryBackplane implements Backplane {
    /** What nodes of one process share. */
    public static final class Bus {
        private final List<MemoryBackplane> nodes = new CopyOnWriteArrayList<>();
    }

    private final Bus bus;
    private final Set<Topic> topics = ConcurrentHashMap.newKeySet();
    private final RepeatFilter repeats = new RepeatFilter();
    private volatile @Nullable Listener listener;

    public MemoryBackplane(Bus bus) {
        this.bus = bus;
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        bus.nodes.add(this);
        listener.linkUp();
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
        if (listener == null) {
            return CompletableFuture.failedFuture(new IllegalStateException("the backplane is closed"));
        }
        topics.add(topic);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void unsubscribe(Topic topic) {
        topics.remove(topic);
    }

    @Override
    public void publish(List<? extends Outgoing> batch) {
        boolean open = listener != null;
        if (open) {
            for (MemoryBackplane node : bus.nodes) {
                if (node != this) {
                    node.hear(batch);
                }
            }
        }
        batch.forEach(outgoing -> outgoing.settled(open ? Remote.ACCEPTED : Remote.REFUSED));
    }

    private void hear(List<? extends Outgoing> batch) {
        List<Publication> heard = new ArrayList<>(batch.size());
        synchronized (repeats) {
            for (Outgoing outgoing : batch) {
                Publication publication = outgoing.publication();
                if (topics.contains(publication.topic())
                        && repeats.isNew(publication.origin(), publication.sequence())) {
                    heard.add(publication);
                }
            }
            Listener hearing = listener;
            if (hearing != null && !heard.isEmpty()) {
                hearing.received(heard);
            }
        }
    }

    @Override
    public boolean echoes(Topic topic) {
        return false;
    }

    @Override
    public boolean isUp() {
        return listener != null;
    }

    @Override
    public void close() {
        bus.nodes.remove(this);
        listener = null;
        topics.clear();
    }
}
