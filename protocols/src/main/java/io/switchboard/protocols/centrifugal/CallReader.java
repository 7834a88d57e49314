package io.switchboard.protocols.centrifugal;

import io.switchboard.message.MalformedException;
import io.switchboard.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Understands commands, in whichever form they are written. */
final class CallReader {
    private static final int PING = 11;
    private static final int SEND = 12;
    private static final int RPC = 13;

    private CallReader() {}

    static Call call(WireReader in) throws MalformedException {
        long id = 0;
        int rank = Integer.MAX_VALUE;
        @Nullable Ask ask = null;
        for (int number = in.next(Shape.COMMAND); number != 0; number = in.next(Shape.COMMAND)) {
            if (number == 1) {
                id = in.unsigned();
            } else {
                Ask next = ask(number, in.message());
                if (rank(number) < rank) {
                    rank = rank(number);
                    ask = next;
                }
            }
        }
        return id == 0 && ask == null ? Call.PONG : new Call(id, ask);
    }

    /** Of several requests in one command the first by this counts; a ping, which nobody sends, is the last. */
    private static int rank(int number) {
        return switch (number) {
            case PING -> Integer.MAX_VALUE - 1;
            case SEND -> RPC;
            case RPC -> SEND;
            default -> number;
        };
    }

    private static Ask ask(int number, WireReader in) throws MalformedException {
        return switch (number) {
            case 4 -> connect(in);
            case 5 -> subscribe(in);
            case 6 -> new Ask.Unsubscribe(channel(in));
            case 7 -> publish(in);
            case 8 -> new Ask.Presence(channel(in));
            case 9 -> new Ask.PresenceStats(channel(in));
            case 10 -> history(in);
            case PING -> {
                nothing(in);
                yield new Ask.Ping();
            }
            case SEND -> new Ask.Send(data(in).data);
            case RPC -> {
                Data data = data(in);
                yield new Ask.Rpc(data.data, data.method);
            }
            case 14 -> new Ask.Refresh(token(in));
            case 15 -> subRefresh(in);
            default -> throw new MalformedException("command " + number + " is unknown");
        };
    }

    static Ask.Connect connect(WireReader in) throws MalformedException {
        String token = "";
        @Nullable Message data = null;
        var subs = new LinkedHashMap<String, Ask.Resume>();
        String name = "";
        String version = "";
        var headers = new HashMap<String, String>();
        for (int number = in.next(Shape.CONNECT); number != 0; number = in.next(Shape.CONNECT)) {
            switch (number) {
                case 1 -> token = in.text();
                case 2 -> data = in.data();
                case 3 ->
                    in.entries((channel, sub) ->
                            subs.put(channel, subscribe(sub.message()).resume()));
                case 4 -> name = in.text();
                case 5 -> version = in.text();
                case 6 -> in.entries((header, value) -> headers.put(header, value.text()));
                default -> in.skip();
            }
        }
        return new Ask.Connect(token, data, subs, name, version, Map.copyOf(headers));
    }

    private static Ask.Subscribe subscribe(WireReader in) throws MalformedException {
        String channel = "";
        String token = "";
        boolean recover = false;
        String epoch = "";
        long offset = 0;
        @Nullable Message data = null;
        boolean positioned = false;
        boolean recoverable = false;
        boolean joinLeave = false;
        String delta = "";
        Ask.@Nullable Filter filter = null;
        long flag = 0;
        int type = 0;
        for (int number = in.next(Shape.SUBSCRIBE); number != 0; number = in.next(Shape.SUBSCRIBE)) {
            switch (number) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> recover = in.flag();
                case 6 -> epoch = in.text();
                case 7 -> offset = in.number();
                case 8 -> data = in.data();
                case 9 -> positioned = in.flag();
                case 10 -> recoverable = in.flag();
                case 11 -> joinLeave = in.flag();
                case 12 -> delta = in.text();
                case 13 -> filter = filter(in.message(), 0);
                case 14 -> flag = in.number();
                case 15 -> type = in.small();
                default -> in.skip();
            }
        }
        return new Ask.Subscribe(
                channel,
                token,
                new Ask.Resume(recover, offset, epoch),
                data,
                positioned,
                recoverable,
                joinLeave,
                delta,
                filter,
                flag,
                type);
    }

    private static Ask.Filter filter(WireReader in, int depth) throws MalformedException {
        if (depth > TagFilter.DEPTH_MAX) {
            throw new MalformedException("a filter is nested deeper than " + TagFilter.DEPTH_MAX);
        }
        String op = "";
        String key = "";
        String cmp = "";
        String val = "";
        List<String> vals = new ArrayList<>();
        List<Ask.Filter> nodes = new ArrayList<>();
        for (int number = in.next(Shape.FILTER); number != 0; number = in.next(Shape.FILTER)) {
            switch (number) {
                case 1 -> op = in.text();
                case 2 -> key = in.text();
                case 3 -> cmp = in.text();
                case 4 -> val = in.text();
                case 5 -> in.each(item -> vals.add(item.text()));
                default -> in.each(item -> nodes.add(filter(item.message(), depth + 1)));
            }
        }
        return new Ask.Filter(op, key, cmp, val, vals, nodes);
    }

    private static Ask.Publish publish(WireReader in) throws MalformedException {
        String channel = "";
        @Nullable Message data = null;
        int type = 0;
        for (int number = in.next(Shape.PUBLISH); number != 0; number = in.next(Shape.PUBLISH)) {
            switch (number) {
                case 1 -> channel = in.text();
                case 2 -> data = in.data();
                case 3 -> type = in.small();
                default -> in.skip();
            }
        }
        return new Ask.Publish(channel, data, type);
    }

    private static Ask.History history(WireReader in) throws MalformedException {
        String channel = "";
        int limit = 0;
        Ask.@Nullable Resume since = null;
        boolean reverse = false;
        for (int number = in.next(Shape.HISTORY); number != 0; number = in.next(Shape.HISTORY)) {
            switch (number) {
                case 1 -> channel = in.text();
                case 7 -> limit = in.small();
                case 8 -> since = position(in.message());
                default -> reverse = in.flag();
            }
        }
        return new Ask.History(channel, limit, since, reverse);
    }

    private static Ask.Resume position(WireReader in) throws MalformedException {
        long offset = 0;
        String epoch = "";
        for (int number = in.next(Shape.POSITION); number != 0; number = in.next(Shape.POSITION)) {
            if (number == 1) {
                offset = in.number();
            } else {
                epoch = in.text();
            }
        }
        return new Ask.Resume(true, offset, epoch);
    }

    private static Ask.SubRefresh subRefresh(WireReader in) throws MalformedException {
        String channel = "";
        String token = "";
        int type = 0;
        for (int number = in.next(Shape.SUB_REFRESH); number != 0; number = in.next(Shape.SUB_REFRESH)) {
            switch (number) {
                case 1 -> channel = in.text();
                case 2 -> token = in.text();
                case 3 -> type = in.small();
                default -> in.skip();
            }
        }
        return new Ask.SubRefresh(channel, token, type);
    }

    private static String channel(WireReader in) throws MalformedException {
        return onlyText(in, Shape.CHANNEL);
    }

    private static String token(WireReader in) throws MalformedException {
        return onlyText(in, Shape.TOKEN);
    }

    private static String onlyText(WireReader in, Shape shape) throws MalformedException {
        String text = "";
        while (in.next(shape) != 0) {
            text = in.text();
        }
        return text;
    }

    private static void nothing(WireReader in) throws MalformedException {
        while (in.next(Shape.NOTHING) != 0) {
            in.skip();
        }
    }

    private record Data(@Nullable Message data, String method) {}

    private static Data data(WireReader in) throws MalformedException {
        @Nullable Message data = null;
        String method = "";
        for (int number = in.next(Shape.DATA); number != 0; number = in.next(Shape.DATA)) {
            if (number == 1) {
                data = in.data();
            } else {
                method = in.text();
            }
        }
        return new Data(data, method);
    }
}
