using Grpc.Core;

namespace Wharf.Conformance.Tests;

/// <summary>What a call ended with.</summary>
public sealed record Answer(StatusCode Code, string Text)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public override string ToString() => $"{Code}: {Text}";

    public static async Task<Answer> OfAsync(Task call)
    {
        try
        {
            await call.WaitAsync(Patience);
            return new Answer(StatusCode.OK, "");
        }
        catch (RpcException failure)
        {
            return new Answer(failure.StatusCode, failure.Status.Detail);
        }
    }

    public static Task<Answer> OfAsync<T>(AsyncUnaryCall<T> call) => OfAsync(call.ResponseAsync);

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<Answer> OfAsync<T>(IAsyncStreamReader<T> stream, List<T>? messages = null) => await OfAsync(Task.Run(async () =>
    {
        while (await stream.MoveNext(CancellationToken.None))
            messages?.Add(stream.Current);
    }));

    /// <summary>The next message of a stream that goes on.</summary>
    public static async Task<T> NextAsync<T>(IAsyncStreamReader<T> stream)
    {
        Assert.True(await stream.MoveNext(CancellationToken.None).WaitAsync(Patience), "the stream has ended");
        return stream.Current;
    }
}
