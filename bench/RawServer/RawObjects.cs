using Google.Protobuf;
using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Bench;

/// <summary>Every object is an echo, except those of the type <c>Pusher</c>.</summary>
internal sealed class RawObjects : ObjectService.ObjectServiceBase
{
    public override async Task MessageStream(
        IAsyncStreamReader<StreamRequest> requestStream, IServerStreamWriter<StreamResponse> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken))
            return;
        var isPusher = requestStream.Current.Connect.SourceId.Type == "Pusher";
        await responseStream.WriteAsync(new StreamResponse { Data = new ServerData { Payload = ByteString.Empty } });
        if (isPusher)
        {
            await RawPusher.RunAsync(requestStream, responseStream, context.CancellationToken);
            return;
        }

        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new StreamResponse { Data = new ServerData { Payload = request.Data.Payload } });
    }
}
