using Orleans.Clustering.Redis;
using Orleans.Persistence;
using StackExchange.Redis;
using Wharf.Grains.Fields;

namespace Wharf.Server.Cluster.Redis;

/// <summary>Stores the members and the persistent state of the cluster in Redis, over the connection of the store.</summary>
internal static class RedisHosting
{
    /// <summary>Adds Redis to a node.</summary>
    public static void UseRedis(this ISiloBuilder silo, RedisStore store)
    {
        silo.UseRedisClustering(redis => Share(store, redis));
        silo.AddRedisGrainStorage(FieldStorage.Name, redis => Share(store, redis));
    }

    /// <summary>Adds Redis to a client of the cluster.</summary>
    public static void UseRedis(this IClientBuilder client, RedisStore store) => client.UseRedisClustering(redis => Share(store, redis));

    private static void Share(RedisStore store, RedisClusteringOptions redis)
    {
        redis.ConfigurationOptions = store.Options;
        redis.CreateMultiplexer = _ => ConnectAsync(store);
    }

    private static void Share(RedisStore store, RedisStorageOptions redis)
    {
        redis.ConfigurationOptions = store.Options;
        redis.CreateMultiplexer = _ => ConnectAsync(store);
    }

    private static async Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> ConnectAsync(RedisStore store) =>
        (await store.ConnectAsync(), IsShared: true);
}
