using Grpc.Core;

namespace Wharf.Gateway.Tests;

/// <summary>What calls end with.</summary>
internal static class Failures
{
    public static async Task<RpcException> OfAsync(Task call) => await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));

    public static async Task<RpcException> OfAsync<T>(AsyncUnaryCall<T> call) => await OfAsync(call.ResponseAsync);

    public static async Task IsAsync(StatusCode code, Task call)
    {
        var failure = await OfAsync(call);
        Assert.True(code == failure.StatusCode, $"{failure.Status} instead of {code}");
    }

    public static Task IsAsync<T>(StatusCode code, AsyncUnaryCall<T> call) => IsAsync(code, call.ResponseAsync);

    public static async Task<T> NextAsync<T>(this IAsyncStreamReader<T> stream)
    {
        Assert.True(await stream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)), "the stream has ended");
        return stream.Current;
    }

    public static async Task EndsAsync<T>(this IAsyncStreamReader<T> stream) =>
        Assert.False(await stream.MoveNext(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)), "there is more");
}
