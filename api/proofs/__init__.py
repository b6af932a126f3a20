"""What the chain says of settlements, for anybody who checks them."""
