// Feeds the published flow to an engine that somebody else wrote, through its native face, and times it.
//
// Usage: driver liquibook FLOW RUNS              with the headers of liquibook at compile time
//        driver limit-order-book FLOW RUNS LIBRARY
//        driver obook FLOW RUNS LIBRARY
// FLOW holds int32 rows of (op, id, side, price, quantity): op 0 limit, 1 cancel, 2 immediate-or-cancel; side 0 buy.
// Prints one line of JSON: the nanoseconds of each run, the trades that were told (-1: none are) and the orders left.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <string>
#include <unordered_map>
#include <vector>

#if __has_include(<book/order_book.h>)
#include <book/order_book.h>
#define HAS_LIQUIBOOK
#endif

struct Row {
    int32_t op, id, side, price, quantity;
};
enum { LIMIT, CANCEL, IOC };

static std::vector<Row> read(const char *path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<Row> rows(static_cast<size_t>(file.tellg()) / sizeof(Row));
    file.seekg(0);
    file.read(reinterpret_cast<char *>(rows.data()), static_cast<std::streamsize>(rows.size() * sizeof(Row)));
    return rows;
}

template <typename Function> static Function symbol(void *library, const char *name) {
    void *found = library ? dlsym(library, name) : nullptr;
    if (!found) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(1);
    }
    return reinterpret_cast<Function>(found);
}

#ifdef HAS_LIQUIBOOK
namespace book = liquibook::book;

// What liquibook asks of an order, and no more.
class Order {
  public:
    void become(const Row &row) { row_ = &row; }
    bool is_limit() const { return true; }
    bool is_buy() const { return row_->side == 0; }
    book::Price price() const { return static_cast<book::Price>(row_->price); }
    book::Price stop_price() const { return 0; }
    book::Quantity order_qty() const { return static_cast<book::Quantity>(row_->quantity); }
    bool all_or_none() const { return false; }
    bool immediate_or_cancel() const { return row_->op == IOC; }

  private:
    const Row *row_ = nullptr;
};

class Fills : public book::OrderListener<Order *> {
  public:
    int64_t count = 0;
    void on_accept(Order *const &) override {}
    void on_reject(Order *const &, const char *) override {}
    void on_fill(Order *const &, Order *const &, book::Quantity, book::Price) override { ++count; }
    void on_cancel(Order *const &) override {}
    void on_cancel_reject(Order *const &, const char *) override {}
    void on_replace(Order *const &, const int64_t &, book::Price) override {}
    void on_replace_reject(Order *const &, const char *) override {}
};

class Liquibook {
  public:
    Liquibook(size_t orders, void *) : orders_(orders + 1) { book_.set_order_listener(&fills_); }
    void take(const Row &row) {
        Order *order = &orders_[static_cast<size_t>(row.id)];
        if (row.op == CANCEL) {
            book_.cancel(order);
        } else {
            order->become(row);
            book_.add(order, row.op == IOC ? book::oc_immediate_or_cancel : book::oc_no_conditions);
        }
    }
    int64_t trades() const { return fills_.count; }
    int64_t resting() const { return static_cast<int64_t>(book_.bids().size() + book_.asks().size()); }

  private:
    book::OrderBook<Order *> book_;
    Fills fills_;
    std::vector<Order> orders_;
};

#endif

// It knows neither immediate-or-cancel, which is a limit order whose rest is cancelled, nor does it tell of trades.
class LimitOrderBook {
  public:
    LimitOrderBook(size_t, void *library)
        : limit_(symbol<decltype(limit_)>(library, "limit")), has_(symbol<decltype(has_)>(library, "has")),
          cancel_(symbol<decltype(cancel_)>(library, "cancel")), count_(symbol<decltype(count_)>(library, "count")),
          book_(symbol<void *(*)()>(library, "new_")()) {}
    void take(const Row &row) {
        const auto id = static_cast<uint64_t>(row.id);
        if (row.op == CANCEL) {
            cancel_(book_, id);
            return;
        }
        limit_(book_, row.side == 0, id, static_cast<uint32_t>(row.quantity), static_cast<uint64_t>(row.price));
        if (row.op == IOC && has_(book_, id)) {
            cancel_(book_, id);
        }
    }
    int64_t trades() const { return -1; }
    int64_t resting() const { return count_(book_); }

  private:
    void (*limit_)(void *, bool, uint64_t, uint32_t, uint64_t);
    bool (*has_)(void *, uint64_t);
    void (*cancel_)(void *, uint64_t);
    uint32_t (*count_)(void *);
    void *book_;
};

// It gives orders ids of its own and lets no user trade with himself, so each order has another user. Its events are
// taken out after every operation.
class Obook {
    struct Event {
        int32_t kind, reason, aggressor, pad;
        int64_t order_id, user, price, quantity, maker_id, taker_id;
    };
    struct Resting {
        int64_t order_id, user, price, quantity, filled;
        int32_t side, pad;
    };
    enum { TRADE = 3 };

  public:
    Obook(size_t orders, void *library)
        : submit_(symbol<decltype(submit_)>(library, "ob_submit")),
          cancel_(symbol<decltype(cancel_)>(library, "ob_cancel")),
          events_(symbol<decltype(events_)>(library, "ob_events")), book_(symbol<decltype(book_)>(library, "ob_book")),
          handle_(symbol<int64_t (*)(int64_t)>(library, "ob_new")(1'000'000)), ids_(orders + 1), taken_(4'096) {}
    void take(const Row &row) {
        int32_t status, reason;
        if (row.op == CANCEL) {
            cancel_(handle_, ids_[static_cast<size_t>(row.id)], row.id, &status, &reason);
        } else {
            submit_(handle_, row.id, row.side, 0, row.price, row.quantity, row.op == IOC, 0,
                    &ids_[static_cast<size_t>(row.id)], &status, &reason);
        }
        const auto room = static_cast<int32_t>(taken_.size());
        for (int32_t count = room; count == room;) {
            count = events_(handle_, taken_.data(), room);
            for (int32_t at = 0; at < count; ++at) {
                trades_ += taken_[static_cast<size_t>(at)].kind == TRADE;
            }
        }
    }
    int64_t trades() const { return trades_; }
    int64_t resting() const {
        std::vector<Resting> orders(1'000'000);
        return book_(handle_, orders.data(), static_cast<int32_t>(orders.size()));
    }

  private:
    int32_t (*submit_)(int64_t, int64_t, int32_t, int32_t, int64_t, int64_t, int32_t, int32_t, int64_t *, int32_t *,
                       int32_t *);
    int32_t (*cancel_)(int64_t, int64_t, int64_t, int32_t *, int32_t *);
    int32_t (*events_)(int64_t, Event *, int32_t);
    int32_t (*book_)(int64_t, Resting *, int32_t);
    int64_t handle_;
    std::vector<int64_t> ids_;
    std::vector<Event> taken_;
    int64_t trades_ = 0;
};

template <typename Engine> static void run(const std::vector<Row> &rows, int runs, void *library) {
    using Clock = std::chrono::steady_clock;
    int64_t trades = 0, resting = 0;
    std::printf("{\"took_ns\": [");
    for (int done = 0; done < runs; ++done) {
        auto *engine = new Engine(rows.size(), library); // kept: freeing it would not be part of an engine's work
        const auto start = Clock::now();
        for (const Row &row : rows) {
            engine->take(row);
        }
        const auto took = std::chrono::nanoseconds(Clock::now() - start).count();
        trades = engine->trades(), resting = engine->resting();
        std::printf("%s%lld", done ? ", " : "", static_cast<long long>(took));
    }
    std::printf("], \"trades\": %lld, \"resting\": %lld}\n", static_cast<long long>(trades),
                static_cast<long long>(resting));
}

int main(int count, char **arguments) {
    if (count < 4) {
        std::fprintf(stderr, "usage: driver PEER FLOW RUNS [LIBRARY]\n");
        return 2;
    }
    const std::string peer = arguments[1];
    const std::vector<Row> rows = read(arguments[2]);
    const int runs = std::atoi(arguments[3]);
    void *library = count > 4 ? dlopen(arguments[4], RTLD_NOW) : nullptr;
#ifdef HAS_LIQUIBOOK
    if (peer == "liquibook") {
        run<Liquibook>(rows, runs, library);
        return 0;
    }
#endif
    if (peer == "limit-order-book") {
        run<LimitOrderBook>(rows, runs, library);
    } else if (peer == "obook") {
        run<Obook>(rows, runs, library);
    } else {
        return 2;
    }
}
