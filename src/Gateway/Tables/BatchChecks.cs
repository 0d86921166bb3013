using Google.Protobuf;
using Google.Protobuf.Reflection;
using Wharf.Grains;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Tables;

/// <summary>Validates the form of a batch, before its session is required.</summary>
internal static class BatchChecks
{
    /// <summary>Validates a batch.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT.</exception>
    public static void Check(Wire.BatchTableRequest request)
    {
        if (request.Ops.Count == 0)
            throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveAtLeastOne(Wire.BatchTableRequest.Descriptor.FullName, "ops", 1));
        RefuseUnknownFields(request);
        foreach (var operation in request.Ops)
        {
            RefuseUnknownFields(operation);
            if (operation.OpCase == Wire.BatchTableRequest.Types.Operation.OpOneofCase.None)
                throw new FaultException(FaultCode.InvalidArgument, StatusTexts.MustHaveOneof(Wire.BatchTableRequest.Types.Operation.Descriptor.FullName, "op"));
        }
    }

    // An unknown field may change the meaning of a request, so it is refused instead of ignored.
    private static void RefuseUnknownFields(IMessage message)
    {
        if (FindUnknownField(message.ToByteArray(), message.Descriptor) is { } number)
            throw new FaultException(FaultCode.InvalidArgument, $"{message.Descriptor.FullName} has an unknown field ({number})");
    }

    private static int? FindUnknownField(byte[] bytes, MessageDescriptor descriptor)
    {
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            if (descriptor.FindFieldByNumber(number) is null)
                return number;
            input.SkipLastField();
        }
        return null;
    }
}
