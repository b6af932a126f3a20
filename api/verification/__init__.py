"""Take-outs are verified for anybody; nothing of them is kept."""
